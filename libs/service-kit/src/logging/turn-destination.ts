import pino, { type DestinationStream } from 'pino';

const STDOUT = 1;

/**
 * Standard output, written once in a turn of the event loop: a system call for each line costs a busy service more
 * than all that the line says. A quiet service writes each line at once, and an end of the process loses none.
 */
export function turnDestination(): DestinationStream {
  const output = pino.destination({ dest: STDOUT, sync: true });
  let lines = '';
  function flush(): void {
    if (lines === '') return;
    const text = lines;
    lines = '';
    output.write(text);
  }
  process.on('exit', flush);
  return {
    write(line) {
      if (lines === '') setImmediate(flush);
      lines += line;
    },
  };
}

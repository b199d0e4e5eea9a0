import { Session, type Profiler } from 'node:inspector/promises';

type Node = Profiler.ProfileNode;

const session = new Session();

/** Microseconds between two samples. */
const INTERVAL = 200;
/** Functions of Node that end in a system call, in which most of their time is spent. */
const WRITES = /^write(?:v|Buffer|(?:Utf8|Latin1|Ascii)String)$/;

/** Begins to sample this process: from here on, so that its start is not in the picture. */
export async function startProfile(): Promise<void> {
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: INTERVAL });
  await session.post('Profiler.start');
}

/** Ends sampling. @returns microseconds for each part of the program, idle time left out */
export async function takeProfile(): Promise<Record<string, number>> {
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  return timeOfParts(profile);
}

function timeOfParts({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Record<string, number> {
  const partOf = new Map<number, string>();
  const assign = (node: Node | undefined, callers: string) => {
    if (node === undefined) return;
    const part = partOf.get(node.id) ?? partAt(node, callers);
    partOf.set(node.id, part);
    for (const id of node.children ?? []) assign(byId.get(id), part);
  };
  const byId = new Map(nodes.map((node) => [node.id, node]));
  assign(nodes[0], 'V8 and the rest of Node');
  const times: Record<string, number> = {};
  for (const [index, id] of samples.entries()) {
    const part = partOf.get(id) ?? '';
    times[part] = (times[part] ?? 0) + (timeDeltas[index] ?? 0);
  }
  delete times['(idle)'];
  return times;
}

/** What a function belongs to; one without a file, of V8 or C++, belongs to what has called it. */
function partAt({ callFrame: { functionName, url } }: Node, callers: string): string {
  if (WRITES.test(functionName)) return 'the kernel: sending the answer';
  if (functionName === '(idle)') return functionName;
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (url === '') return callers;
  if (url.startsWith('node:internal/crypto')) return 'node:crypto';
  if (/^node:(?:_http|net|internal\/(?:stream|streams|http))/.test(url)) return 'node:http and sockets';
  if (url.startsWith('node:')) return 'V8 and the rest of Node';
  const [, owner] = /node_modules\/(@[^/]+\/[^/]+|[^/]+)/.exec(url) ?? [];
  if (owner === undefined) return 'our guard and verifier';
  if (owner === 'passport' || owner === '@nestjs/passport') return 'Passport';
  if (owner.endsWith('helmet')) return 'helmet';
  if (['pino', 'sonic-boom', 'prom-client'].includes(owner)) return 'log and metrics';
  return owner.startsWith('@nestjs/') || owner === 'rxjs' ? 'Nest' : 'Fastify';
}

/** Hands itself over to the Node of the lockfile, once; there it says who it is and stays until it is told to end. */
import { endWithParent, runOnRightNode } from '../right-node.js';

if (process.channel) {
  endWithParent();
  process.on('SIGTERM', () => process.exit(7));
  process.stdout.write(`${process.pid} ${process.argv.slice(2).join(' ')}\n`);
  setInterval(() => undefined, 1000);
} else {
  runOnRightNode(process.argv[1] ?? '');
}

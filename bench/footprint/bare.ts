/** The least that answers HTTP on this Node; says that it is ready as a service does. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`bare is ready on http://127.0.0.1:${port}\n`);
});
process.on('SIGTERM', () => process.exit());

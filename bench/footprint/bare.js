/** The least that answers HTTP on this Node; says that it is ready as a service does. JavaScript, as services are when they run. */
import { createServer } from 'node:http';

const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  process.stdout.write(`bare is ready on http://127.0.0.1:${port}\n`);
});
process.on('SIGTERM', () => process.exit());

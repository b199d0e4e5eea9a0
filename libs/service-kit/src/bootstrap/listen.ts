import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AddressInfo } from 'node:net';
import { ConfigurationError, type ServiceEnvironment } from '../config/index.js';
import { createOperationsServer } from './operations-server.js';

/**
 * Opens the ports of a service, the one of its operators first, and says where it is ready.
 *
 * @throws {ConfigurationError} that names the variable of a port or address that cannot be had
 */
export async function listen(
  app: NestFastifyApplication,
  name: string,
  settings: ServiceEnvironment,
): Promise<void> {
  const { HOST: host, PORT, OPERATIONS_PORT } = settings;
  const logger = new Logger('Service');
  if (OPERATIONS_PORT !== undefined) {
    const operations = createOperationsServer(app, settings);
    await operations
      .listen({ port: OPERATIONS_PORT, host })
      .catch((error: unknown) => refuse(error, 'OPERATIONS_PORT', OPERATIONS_PORT, host));
    logger.log(`${name} shows operators its metrics at ${urlOf(operations.server.address(), host)}/metrics`);
  }
  await app.listen(PORT, host).catch((error: unknown) => refuse(error, 'PORT', PORT, host));
  const { server } = app.getHttpAdapter().getInstance();
  logger.log(`${name} is ready on ${urlOf(server.address(), host)}`);
}

/** As the settings name the host: what listens on all addresses is not only on this machine. */
function urlOf(address: AddressInfo | string | null, host: string): string {
  const { port } = address as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function refuse(error: unknown, variable: string, port: number, host: string): never {
  const { code } = error as NodeJS.ErrnoException;
  const faults: Readonly<Record<string, string>> = {
    EADDRINUSE: `${variable} ${port} is in use: another program listens on it; stop that one or set ${variable}`,
    EACCES: `${variable} ${port} may not be used by this user: set ${variable} to a number from 1024`,
    EADDRNOTAVAIL: `HOST ${host} is not an address of this machine`,
    ENOTFOUND: `HOST ${host} is not an address of this machine`,
  };
  const fault = faults[code ?? ''];
  throw fault === undefined ? error : new ConfigurationError([fault]);
}

import type { ServiceEnvironment } from '../config/index.js';
import { JsonLogger } from '../logging/index.js';
import { createService, type ServiceDescription } from './create-service.js';
import { stopOnSignals } from './graceful-close.js';
import { listen } from './listen.js';
import { giveUp, loadEnvFile, reasons, SIGNALS } from './process.js';
import { surviveExhaustion } from './exhaustion.js';
import { endWithParent, isOtherNode, runOnRightNode } from './right-node.js';

interface RunnableService extends ServiceDescription {
  /** Reads and checks the service's environment; throws `ConfigurationError`. */
  readonly config: () => ServiceEnvironment;
}

/**
 * Starts a service and keeps it running until SIGTERM or SIGINT.
 * If it cannot start, the process says why on standard error and ends with exit code 1.
 */
export async function runService(service: RunnableService): Promise<void> {
  try {
    if (isOtherNode()) return runOnRightNode(process.argv[1] ?? '');
    endWithParent();
    for (const signal of SIGNALS) process.on(signal, giveUp);
    loadEnvFile(service.name);
    const environment = service.config();
    const logger = new JsonLogger(service.name, environment.LOG_LEVEL);
    const app = await createService(service, logger, environment);
    for (const signal of SIGNALS) process.off(signal, giveUp);
    stopOnSignals(app, environment);
    surviveExhaustion(app);
    await listen(app, service.name, environment);
  } catch (error) {
    process.stderr.write(
      `${service.name} cannot start:\n${reasons(error)
        .map((reason) => `  ${reason}\n`)
        .join('')}`,
    );
    process.exit(1);
  }
}

import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { setTimeout as delay } from 'node:timers/promises';

/** What the operating system says when it has no more files, buffers or threads to give: for now. */
const EXHAUSTED = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EAGAIN', 'ERR_SYSTEM_ERROR']);
const COMPLAINT_PAUSE_MS = 60_000;
const FAREWELL_MS = 5_000;

/**
 * Keeps the process alive when the operating system has run out of something in a place where nothing can be
 * answered, such as a library's timer: it passes. After any other error that nobody has caught the state of the
 * process is unknown, so that it is told and the process ends.
 */
export function surviveExhaustion(app: NestFastifyApplication): void {
  const logger = new Logger('Service');
  let complainedAt = -Infinity;
  process.on('uncaughtException', (error: NodeJS.ErrnoException & { info?: { code?: string } }) => {
    const code = error.info?.code ?? error.code ?? '';
    if (!EXHAUSTED.has(code)) {
      logger.fatal(error);
      return void end(app);
    }
    if (Date.now() - complainedAt < COMPLAINT_PAUSE_MS) return;
    complainedAt = Date.now();
    logger.error(`The operating system has no more to give (${code}): see its limits, and MAX_CONNECTIONS`);
  });
}

async function end(app: NestFastifyApplication): Promise<void> {
  await Promise.race([app.close(), delay(FAREWELL_MS)]).catch(() => undefined);
  process.exit(1);
}

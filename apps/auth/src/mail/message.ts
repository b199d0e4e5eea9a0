import type { QueuedMail } from './mail-queue.repository.js';
import type { RenderedMail } from './mail-templates.service.js';

export interface Message extends RenderedMail {
  readonly to: string;
}

/** Writes the mails that are queued: whoever knows what they are about. */
export abstract class MessageWriter {
  /** @returns nothing if there is nobody to write to, or the request is out of date */
  abstract write(mail: QueuedMail): Promise<Message | undefined>;
}

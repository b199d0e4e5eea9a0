import { Injectable, type ExecutionContext } from '@nestjs/common';
import type { AccessToken } from '../access-token.js';
import { streamOf } from './stream-end.js';
import { TokenWatchService } from './token-watch.service.js';

interface Followed {
  readonly token: AccessToken;
  readonly stop: () => void;
}

/** Ends what a call has opened, or came over, when the token that let it in has ended. */
@Injectable()
export class OpenStreamsService {
  /** By connection: a WebSocket carries many calls. */
  private readonly followed = new WeakMap<object, Followed>();

  constructor(private readonly watch: TokenWatchService) {}

  follow(context: ExecutionContext, token: AccessToken): void {
    const stream = streamOf(context);
    if (stream === undefined) return;
    const { connection, closeEvent } = stream;
    const known = this.followed.get(connection);
    if (known?.token === token) return;
    known?.stop();
    const stop = this.watch.watch(token, (reason) => stream.end(reason));
    this.followed.set(connection, { token, stop });
    if (known === undefined) connection.once(closeEvent, () => this.followed.get(connection)?.stop());
  }
}

import { Injectable, Optional, type ExecutionContext, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { AccessToken } from '../access-token.js';
import { onConnection, wsCredential } from '../contexts/ws.context.js';
import { PassportBearerService } from '../passport-bearer.service.js';
import type { RoutePolicy } from '../route-policy.js';
import { VerifiedTokenCache } from '../verified-token.cache.js';
import { socketStream, streamOf, type OpenStream } from './stream-end.js';
import { TokenWatchService } from './token-watch.service.js';

interface Followed {
  readonly token: AccessToken;
  readonly isFresh: boolean;
  readonly stop: () => void;
}

/** Ends what a call has opened, or came over, when the token that let it in has ended. */
@Injectable()
export class OpenStreamsService implements OnModuleInit {
  /** By connection: a WebSocket carries many calls. */
  private readonly followed = new WeakMap<object, Followed>();

  constructor(
    private readonly watch: TokenWatchService,
    private readonly cache: VerifiedTokenCache,
    private readonly passport: PassportBearerService,
    @Optional() private readonly host?: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const server = this.host?.httpAdapter?.getHttpServer() as object | undefined;
    // A WebSocket over which only the service speaks has no call that the guard would see.
    if (server) onConnection(server, (client) => void this.greet(client));
  }

  follow(context: ExecutionContext, token: AccessToken, { isFresh }: RoutePolicy): void {
    const stream = streamOf(context);
    // The next message to a gateway is looked at by itself; its connection is there for others too.
    if (stream) this.attend(stream, token, isFresh && context.getType<string>() !== 'ws');
  }

  /** A connection without a good token is left to the guard, which refuses what comes over it. */
  private async greet(client: object): Promise<void> {
    const credential = wsCredential(client);
    if (credential === undefined) return;
    const token =
      this.cache.find(credential) ?? (await this.passport.verify(credential).catch(() => undefined));
    if (token) this.attend(socketStream(client as Parameters<typeof socketStream>[0]), token);
  }

  private attend(stream: OpenStream, token: AccessToken, needsFresh = false): void {
    const { connection, closeEvent } = stream;
    const known = this.followed.get(connection);
    const isFresh = needsFresh || (known?.isFresh ?? false);
    if (known?.token === token && known.isFresh === isFresh) return;
    known?.stop();
    const stop = this.watch.watch(token, (reason) => stream.end(reason), { isFresh });
    this.followed.set(connection, { token, isFresh, stop });
    if (known === undefined) connection.once(closeEvent, () => this.followed.get(connection)?.stop());
  }
}

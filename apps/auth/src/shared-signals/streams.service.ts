import { InjectDatabase, type Database } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { VERIFICATION_URI } from '../events/account-event.js';
import { EventOutboxRepository } from '../events/event-outbox.repository.js';
import { EventStreamsRepository, type EventStream } from '../events/event-streams.repository.js';
import { baseUrlOf } from '../signing/server-metadata.js';
import { StreamChoiceDto, StreamDto, type ChangeStreamDto, type VerifyDto } from './dto/stream.dto.js';
import { SetSignerService } from './set-signer.service.js';
import {
  noStream,
  streamExists,
  VERIFICATION_INTERVAL_SECONDS,
  verificationTooSoon,
} from './shared-signals.errors.js';

@Injectable()
export class StreamsService {
  constructor(
    @InjectDatabase() private readonly db: Database,
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly streams: EventStreamsRepository,
    private readonly outbox: EventOutboxRepository,
    private readonly signer: SetSignerService,
  ) {}

  /** @throws {ProblemException} 404 when it is not the receiver's */
  async find(clientId: string, streamId?: string): Promise<StreamDto> {
    return this.describe(await this.own(clientId, streamId));
  }

  /** One at most. */
  async list(clientId: string): Promise<StreamDto[]> {
    const stream = await this.streams.find(clientId);
    return stream ? [this.describe(stream)] : [];
  }

  /** @throws {ProblemException} 409 when the receiver has one */
  async open(clientId: string, choice: StreamChoiceDto): Promise<StreamDto> {
    if (!(await this.streams.open(clientId, StreamChoiceDto.changesOf(choice)))) throw streamExists();
    return this.find(clientId);
  }

  /** What is on its way stays. @throws {ProblemException} 404 when it is not the receiver's */
  async change(clientId: string, { stream_id: streamId, ...choice }: ChangeStreamDto): Promise<StreamDto> {
    const stream = await this.own(clientId, streamId);
    const changes = StreamChoiceDto.changesOf(choice);
    const hasChanges = Object.keys(changes).length > 0;
    return this.describe((hasChanges && (await this.streams.change(clientId, changes))) || stream);
  }

  /** @throws {ProblemException} 404 when it is not the receiver's */
  async close(clientId: string, streamId?: string): Promise<void> {
    await this.own(clientId, streamId);
    await this.streams.close(clientId);
  }

  /** @throws {ProblemException} 404 when it is not the receiver's, 429 when the last time was just now */
  async verify(clientId: string, { stream_id: streamId, state }: VerifyDto): Promise<void> {
    await this.own(clientId, streamId);
    await this.db.transaction(async (tx) => {
      if (!(await this.streams.askVerification(tx, clientId, VERIFICATION_INTERVAL_SECONDS)))
        throw verificationTooSoon();
      const claims = typeof state === 'string' ? { state } : {};
      await this.outbox.addVerification(tx, clientId, VERIFICATION_URI, claims);
    });
  }

  private async own(clientId: string, streamId: string | undefined): Promise<EventStream> {
    const stream = await this.streams.find(clientId);
    if (!stream || (streamId !== undefined && stream.id !== streamId.toLowerCase())) throw noStream();
    return stream;
  }

  private describe(stream: EventStream): StreamDto {
    return StreamDto.of(stream, {
      issuer: this.config.JWT_ISSUER,
      pollUrl: `${baseUrlOf(this.config)}/ssf/poll`,
      key: this.signer.keyOf(stream),
    });
  }
}

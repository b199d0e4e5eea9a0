import { Inject, Injectable } from '@nestjs/common';
import { createHash, createSecretKey, hkdfSync } from 'node:crypto';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import type { OutboxEvent } from '../events/account-events.table.js';
import type { EventStream } from '../events/event-streams.repository.js';
import { JwsSigner } from '../signing/jws-signer.js';
import { KeyRingService } from '../signing/key-ring.service.js';
import { claimsOfSet } from './security-event-token.js';

/** RFC 8417 §2.3. */
const TYP = 'secevent+jwt';

/** A symmetric key as a JWK (RFC 7518 §6.4). */
export interface StreamKey {
  readonly kty: 'oct';
  readonly alg: 'HS256';
  readonly use: 'sig';
  readonly kid: string;
  readonly k: string;
}

/**
 * Signs security event tokens: with the key ring, so that the published JWK set is all that a receiver needs. Under
 * `HS256`, where there is no ring, with a key of the receiver's own: whoever has `JWT_SECRET` could make events for
 * everyone, and whoever has a stream's key can deceive no one but itself.
 */
@Injectable()
export class SetSignerService {
  constructor(
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly ring: KeyRingService,
  ) {}

  /** @returns compact JWS by `jti`, in the order of the events */
  sign(stream: EventStream, events: readonly OutboxEvent[]): Record<string, string> {
    if (events.length === 0) return {};
    const compact = this.signerOf(stream);
    const { JWT_ISSUER: iss } = this.config;
    return Object.fromEntries(
      events.map((event) => [event.jti, compact(JSON.stringify(claimsOfSet(event, iss, stream)))]),
    );
  }

  /** The key that only this stream's receiver gets, under `HS256`. */
  keyOf(stream: EventStream): StreamKey | undefined {
    if (this.config.JWT_ALGORITHM !== 'HS256') return undefined;
    const key = this.derive(stream);
    return { kty: 'oct', alg: 'HS256', use: 'sig', kid: kidOf(key), k: key.toString('base64url') };
  }

  private signerOf(stream: EventStream): (payload: string) => string {
    if (this.config.JWT_ALGORITHM !== 'HS256') {
      const signer = this.ring.current();
      return (payload) => signer.compact(payload, TYP);
    }
    const key = this.derive(stream);
    const signer = new JwsSigner({
      algorithm: 'HS256',
      kid: kidOf(key),
      key: createSecretKey(key),
      typ: TYP,
    });
    return (payload) => signer.compact(payload);
  }

  /** From the one secret that auth shares with no service (RFC 5869). The id makes it end with the stream. */
  private derive({ clientId, id }: EventStream): Buffer {
    const secret = Buffer.from(this.config.REFRESH_TOKEN_SECRET, 'base64');
    return Buffer.from(hkdfSync('sha256', secret, '', `signet event stream v1 ${clientId} ${id}`, 32));
  }
}

function kidOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 16);
}

import type { AuthenticatedRequest } from '@signet/jwt-shared';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { createHmac, type KeyObject } from 'node:crypto';
import { hasSite, networkOf, siteOf } from '../audit/network.js';
import { addressOf } from '../audit/requester.js';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { normaliseEmail } from '../users/email-address.js';
import { derivedKey } from '../config/base64-key.js';
import { DeviceCookieService } from './device-cookie.service.js';
import type { Partition } from './policies.js';

/** Reads the session that a request without an access token is about from its body, which is not validated yet. */
export type SessionOf = (body: Readonly<Record<string, unknown>>) => string | undefined;

/** Who asks, and about whom; what a request does not tell is left out. */
export interface Subject {
  /** The address as it is stored, whether or not there is such an account. */
  readonly account: string | undefined;
  /** The device, if somebody has logged in to this account from it before. */
  readonly device: string | undefined;
  /** What each partition's limits are counted under. */
  readonly keys: Readonly<Partial<Record<Partition, string | undefined>>>;
}

/** Reads subjects from requests, whose bodies have not been validated yet. */
@Injectable()
export class SubjectsService {
  private readonly key: KeyObject;

  constructor(
    @Inject(authConfig.KEY) { REFRESH_TOKEN_SECRET }: AuthConfig,
    private readonly cookies: DeviceCookieService,
  ) {
    this.key = derivedKey(REFRESH_TOKEN_SECRET, 'rate limits');
  }

  /** The one whom a mail to an address is about. */
  ofAddress(email: string): Subject {
    const key = this.hashed(email);
    return { account: email, device: undefined, keys: { account: key, target: key } };
  }

  of(request: FastifyRequest & Partial<AuthenticatedRequest>, sessionOf?: SessionOf): Subject {
    const body = (request.body ?? {}) as Readonly<Record<string, unknown>>;
    const address = addressOf(request);
    const network = networkOf(address);
    const account = typeof body['email'] === 'string' ? normaliseEmail(body['email']) : undefined;
    const device = account && this.cookies.deviceOf(request.headers.cookie, account);
    const session = request.user ? (request.user.sessionId ?? request.user.userId) : sessionOf?.(body);
    const target = typeof body['new_email'] === 'string' ? normaliseEmail(body['new_email']) : account;
    const keys = {
      network: this.hashed(network),
      site: hasSite(address) ? this.hashed(siteOf(address)) : undefined,
      account: this.hashed(account),
      user: this.hashed(request.user?.userId),
      target: this.hashed(target),
      accountNetwork: this.hashed(account, network),
      device: this.hashed(account, device),
      session: this.hashed(session),
    };
    return { account, device, keys };
  }

  /** With a key, as addresses can be guessed from a plain hash. */
  private hashed(...parts: (string | undefined)[]): string | undefined {
    if (parts.includes(undefined)) return undefined;
    return createHmac('sha256', this.key).update(JSON.stringify(parts)).digest('base64url');
  }
}

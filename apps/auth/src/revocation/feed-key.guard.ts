import { httpCredential, invalidToken, unauthorized } from '@signet/jwt-shared';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { authConfig, type AuthConfig } from '../config/auth.config.js';

/** Admits services that present `REVOCATION_FEED_KEY` as a bearer token. */
@Injectable()
export class FeedKeyGuard implements CanActivate {
  private readonly digest: Buffer;

  constructor(@Inject(authConfig.KEY) { REVOCATION_FEED_KEY }: AuthConfig) {
    this.digest = sha256(REVOCATION_FEED_KEY);
  }

  canActivate(context: ExecutionContext): boolean {
    const key = httpCredential(context.switchToHttp().getRequest<FastifyRequest>());
    if (key === undefined) throw unauthorized();
    // Digests are of one length, so that the comparison tells nothing of the key's.
    if (timingSafeEqual(sha256(key), this.digest)) return true;
    throw invalidToken();
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

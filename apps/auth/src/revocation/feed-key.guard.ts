import { httpCredential } from '@signet/jwt-shared';
import { ProblemException } from '@signet/service-kit';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { authConfig, type AuthConfig } from '../config/auth.config.js';

/** Lets services in that show `REVOCATION_FEED_KEY` as a bearer token, and nobody else. */
@Injectable()
export class FeedKeyGuard implements CanActivate {
  private readonly digest: Buffer;

  constructor(@Inject(authConfig.KEY) { REVOCATION_FEED_KEY }: AuthConfig) {
    this.digest = sha256(REVOCATION_FEED_KEY);
  }

  canActivate(context: ExecutionContext): boolean {
    const key = httpCredential(context.switchToHttp().getRequest<FastifyRequest>());
    if (key === undefined) throw refused('UNAUTHORIZED', 'Unauthorized', 'Bearer');
    // Digests are of one length, so that the comparison tells nothing of the key's.
    if (timingSafeEqual(sha256(key), this.digest)) return true;
    throw refused('INVALID_TOKEN', 'Invalid token', 'Bearer error="invalid_token"');
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function refused(code: string, detail: string, challenge: string): ProblemException {
  return new ProblemException(401, code, detail, { headers: { 'www-authenticate': challenge } });
}

import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHmac, randomBytes } from 'node:crypto';
import { cookieOf } from '../audit/requester.js';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { derivedKey } from '../config/base64-key.js';

/** The prefix keeps other hosts of the domain from setting it (RFC 6265bis §4.1.3.2). */
const NAME = '__Host-signet-device';
const LIFE_SECONDS = 180 * 86_400;

/**
 * Tells the devices from which somebody has logged in to an account (OWASP, "Slow Down Online Guessing Attacks with
 * Device Cookies"). A cookie is a JWT with a random id and the time it ends, signed with a key of the account alone: it
 * does not name the account, is worth nothing for another one, and is no credential for this one.
 */
@Injectable()
export class DeviceCookieService {
  private readonly secrets: readonly string[];

  constructor(
    private readonly jwt: JwtService,
    @Inject(authConfig.KEY)
    config: Pick<AuthConfig, 'REFRESH_TOKEN_SECRET' | 'REFRESH_TOKEN_SECRET_PREVIOUS'>,
  ) {
    const { REFRESH_TOKEN_SECRET: secret, REFRESH_TOKEN_SECRET_PREVIOUS: previous } = config;
    this.secrets = previous === undefined ? [secret] : [secret, previous];
  }

  /** The device that a `Cookie` header names, if it is one of this account's. */
  deviceOf(header: string | undefined, account: string): string | undefined {
    const text = cookieOf({ cookie: header }, NAME);
    if (text === undefined) return undefined;
    for (const secret of this.secrets) {
      try {
        const { jti } = this.jwt.verify<{ jti: string }>(text, {
          secret: keyOf(secret, account),
          algorithms: ['HS256'],
        });
        return jti;
      } catch {
        // It was made with another secret, for another account, too long ago, or by somebody else.
      }
    }
    return undefined;
  }

  /** Gives the device of a request its own limits for an account: somebody there has just shown that it is theirs. */
  remember({ headers }: Pick<FastifyRequest, 'headers'>, reply: FastifyReply, account: string): void {
    void reply.header('set-cookie', this.setCookie(account, this.deviceOf(headers.cookie, account)));
  }

  /** `Set-Cookie` for a device from which somebody has just logged in; a known one stays the same. */
  setCookie(account: string, device = randomBytes(16).toString('base64url')): string {
    const secret = keyOf(this.secrets[0] ?? '', account);
    const value = this.jwt.sign({}, { secret, algorithm: 'HS256', jwtid: device, expiresIn: LIFE_SECONDS });
    return `${NAME}=${value}; Path=/; Max-Age=${LIFE_SECONDS}; HttpOnly; Secure; SameSite=Strict`;
  }
}

function keyOf(secret: string, account: string): Buffer {
  return createHmac('sha256', derivedKey(secret, 'device cookie')).update(account).digest();
}

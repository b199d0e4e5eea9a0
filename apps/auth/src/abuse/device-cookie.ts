import { Inject, Injectable } from '@nestjs/common';
import { createHmac, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { derivedKey } from './derived-key.js';

/** The prefix keeps other hosts of the domain from setting it (RFC 6265bis §4.1.3.2). */
const NAME = '__Host-signet-device';
const LIFE_SECONDS = 180 * 86_400;
const NONCE_BYTES = 16;
const TIME_BYTES = 6;
/** 54 bytes, a multiple of three: each text is the one spelling of its bytes. */
const FORM = /^[A-Za-z0-9_-]{72}$/;

/**
 * Tells the devices from which somebody has logged in to an account (OWASP, "Slow Down Online Guessing Attacks with
 * Device Cookies"). A cookie is a random id and the time it ends, authenticated together with the account's
 * address, which it does not name: it is worth nothing for another account, and is no credential for this one.
 */
@Injectable()
export class DeviceCookies {
  private readonly current: KeyObject;
  private readonly accepted: readonly KeyObject[];

  constructor(
    @Inject(authConfig.KEY)
    config: Pick<AuthConfig, 'REFRESH_TOKEN_SECRET' | 'REFRESH_TOKEN_SECRET_PREVIOUS'>,
  ) {
    const { REFRESH_TOKEN_SECRET: secret, REFRESH_TOKEN_SECRET_PREVIOUS: previous } = config;
    const keys = [secret, previous].flatMap((text) => (text ? [derivedKey(text, 'device cookie')] : []));
    this.current = keys[0]!;
    this.accepted = keys;
  }

  /** The device that a `Cookie` header names, if it is one of this account's. */
  deviceOf(header: string | undefined, account: string): string | undefined {
    const text = valueOf(header);
    if (text === undefined || !FORM.test(text)) return undefined;
    const bytes = Buffer.from(text, 'base64url');
    const [body, mac] = [
      bytes.subarray(0, NONCE_BYTES + TIME_BYTES),
      bytes.subarray(NONCE_BYTES + TIME_BYTES),
    ];
    const isOurs = this.accepted.some((key) => timingSafeEqual(macOf(key, body, account), mac));
    const isOver = body.readUIntBE(NONCE_BYTES, TIME_BYTES) < Date.now() / 1000;
    return isOurs && !isOver ? body.toString('base64url', 0, NONCE_BYTES) : undefined;
  }

  /** `Set-Cookie` for a device from which somebody has just logged in; a known one stays the same. */
  setCookie(account: string, device = randomBytes(NONCE_BYTES).toString('base64url')): string {
    const body = Buffer.alloc(NONCE_BYTES + TIME_BYTES);
    body.write(device, 'base64url');
    body.writeUIntBE(Math.floor(Date.now() / 1000) + LIFE_SECONDS, NONCE_BYTES, TIME_BYTES);
    const value = Buffer.concat([body, macOf(this.current, body, account)]).toString('base64url');
    return `${NAME}=${value}; Path=/; Max-Age=${LIFE_SECONDS}; HttpOnly; Secure; SameSite=Strict`;
  }
}

function macOf(key: KeyObject, body: Buffer, account: string): Buffer {
  return createHmac('sha256', key).update(body).update(account).digest();
}

function valueOf(header = ''): string | undefined {
  const pairs = header.split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${NAME}=`))?.slice(NAME.length + 1);
}

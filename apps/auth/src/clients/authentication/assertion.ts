import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import type { KeyObject } from 'node:crypto';
import { KeysUnreachable } from './assertion-keys.js';

/** What an assertion says about itself, before anything of it is believed. */
export interface UnverifiedAssertion {
  readonly issuer: string;
  readonly subject: string;
}

/** What an assertion must be. */
export interface AssertionRules {
  readonly algorithms: readonly string[];
  readonly issuer: string;
  /** Exactly this, and nothing besides. */
  readonly audience: string;
  readonly clockTolerance: number;
  readonly requiredClaims: readonly string[];
}

/** `JWT`, what RFC 7523bis calls it, or nothing. */
const TYPES: ReadonlySet<unknown> = new Set([undefined, 'JWT', 'client-authentication+jwt']);

/** Reads who an assertion is about; undefined for what is no JWT with an issuer and a subject. */
export function readAssertion(text: string): UnverifiedAssertion | undefined {
  try {
    const { iss, sub } = decodeJwt(text);
    decodeProtectedHeader(text);
    return typeof iss === 'string' && typeof sub === 'string' ? { issuer: iss, subject: sub } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Verifies an assertion (RFC 7523 §3).
 *
 * @returns its claims; undefined when it is not good
 * @throws {KeysUnreachable} when its keys cannot be fetched
 */
export async function verifyAssertion(
  text: string,
  key: KeyObject | JWTVerifyGetKey,
  { algorithms, requiredClaims, ...rules }: AssertionRules,
): Promise<JWTPayload | undefined> {
  try {
    // The two ways of `jwtVerify` to get a key have a signature each.
    const getKey = typeof key === 'function' ? key : () => Promise.resolve(key);
    const { payload } = await jwtVerify(text, getKey, {
      ...rules,
      algorithms: [...algorithms],
      requiredClaims: [...requiredClaims],
    });
    const { aud } = payload;
    const isForUsAlone = aud === rules.audience || (Array.isArray(aud) && aud.length === 1);
    return isForUsAlone && TYPES.has(decodeProtectedHeader(text).typ) ? payload : undefined;
  } catch (error) {
    if (error instanceof KeysUnreachable) throw error;
    // `DataError`: a published key is not what its `alg` says.
    const isRefusal = error instanceof errors.JOSEError || error instanceof TypeError;
    if (isRefusal || (error as Error).name === 'DataError') return undefined;
    throw error;
  }
}

import { Pool } from './pool.js';
import { parseStrictObject } from '../jose/strict-json.js';
import { TokenRejected } from './token-rejected.error.js';

/** Longest token that is looked at, in characters: a header field of its size must pass any proxy. */
export const MAX_TOKEN_LENGTH = 4096;

const THREE_PARTS = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

/** A service sees few different headers: one for each key. */
const HEADERS = new Pool((segment) => Object.freeze(decodeObject(segment)));

/** A JWS in compact serialisation (RFC 7515 §3.1), taken apart; nothing in it is trusted yet. */
export interface CompactJws {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly signature: Buffer;
  /** The ASCII characters that the signature covers: header, dot, payload. */
  readonly signingInput: string;
}

/**
 * Takes a token apart without believing it. Padding, white space and loose trailing bits are refused, so that there is
 * one spelling of what was signed. Of an `ES256` signature there are two, (r, s) and (r, n − s): both are good, as
 * RFC 7518 §3.4 names neither and issuers make either. So nothing may go by a token's text alone: revocation goes by its
 * claims, and two entries of a cache are at worst two.
 *
 * @throws {TokenRejected} `malformed`
 */
export function parseCompactJws(token: string): CompactJws {
  if (typeof token !== 'string' || token.length > MAX_TOKEN_LENGTH) throw new TokenRejected('malformed');
  const [, header, payload, signature] = THREE_PARTS.exec(token) ?? [];
  if (header === undefined || payload === undefined || signature === undefined)
    throw new TokenRejected('malformed');
  return {
    header: HEADERS.get(header),
    payload: decodeObject(payload),
    signature: decode(signature),
    signingInput: token.slice(0, header.length + 1 + payload.length),
  };
}

/**
 * The claims of a token that {@link parseCompactJws} has accepted before.
 *
 * @throws {TokenRejected} `malformed` for any other string
 */
export function payloadOf(token: string): Readonly<Record<string, unknown>> {
  return parseCompactJws(token).payload;
}

function decodeObject(segment: string): Record<string, unknown> {
  try {
    return parseStrictObject(decode(segment));
  } catch {
    throw new TokenRejected('malformed');
  }
}

function decode(segment: string): Buffer {
  if (!isCanonical(segment)) throw new TokenRejected('malformed');
  return Buffer.from(segment, 'base64url');
}

/** The last character of a segment carries spare bits, which RFC 4648 §3.5 wants to be zero. */
function isCanonical(segment: string): boolean {
  const last = segment.charAt(segment.length - 1);
  switch (segment.length % 4) {
    case 0:
      return true;
    case 2:
      return 'AQgw'.includes(last);
    case 3:
      return 'AEIMQUYcgkosw048'.includes(last);
    default:
      return false;
  }
}

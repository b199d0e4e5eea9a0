import type { IncomingHttpHeaders } from 'node:http';

/** What an HTTP message offers to read headers from; `rawHeaders` as Node keeps them, where there are any. */
export interface HeaderCarrier {
  readonly rawHeaders?: readonly string[];
  readonly headers?: IncomingHttpHeaders;
}

const AUTHORIZATION = 'authorization';
const BEARER = /^bearer +/i;

/**
 * The value of the one `Authorization` header. Node drops all but the first of several, while a proxy in front
 * may have judged the last, so they are counted as they came in; two are as good as none.
 */
export function authorizationHeader({ rawHeaders, headers }: HeaderCarrier): string | undefined {
  if (rawHeaders === undefined) return headers?.authorization;
  let found: string | undefined;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length !== AUTHORIZATION.length || name.toLowerCase() !== AUTHORIZATION) continue;
    if (found !== undefined) return undefined;
    found = rawHeaders[i + 1];
  }
  return found;
}

/**
 * The credential of `Authorization: Bearer <token>` (RFC 6750 §2.1), scheme in any case. Whatever follows the
 * scheme is given as it stands: if it is not one token, the strict parse refuses it.
 */
export function bearerCredential(authorization: unknown): string | undefined {
  if (typeof authorization !== 'string') return undefined;
  const scheme = BEARER.exec(authorization);
  return scheme === null ? undefined : authorization.slice(scheme[0].length);
}

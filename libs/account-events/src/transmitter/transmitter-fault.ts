/** Codes of OpenSSL, and of Node's check of the name. */
const OF_TLS = /CERT|SELF_SIGNED|UNABLE_TO|_SSL_|TLS|^EPROTO$/;

/** Auth did not do what it was asked for: why, and what to do about it. */
export class TransmitterFault extends Error {
  override readonly name = 'TransmitterFault';

  /**
   * @param kind a status, or the code of an error, to search for
   * @param advice what an operator can do
   */
  constructor(kind: string | number, advice: string) {
    super(`Account events wait (${kind}): ${advice}`);
  }
}

/** What an answer other than 2xx means. @param code auth's own code for it, such as `INVALID_CLIENT` */
export function faultOfStatus(
  status: number,
  url: string,
  { clientId, code }: { readonly clientId: string; readonly code: string | undefined },
): TransmitterFault {
  return new TransmitterFault(code === undefined ? status : `${status} ${code}`, adviceFor(status));

  function adviceFor(of: number): string {
    if (of === 401)
      return `auth does not know the client ${clientId} by this credential; does CLIENT_SECRET (CLIENT_KEY_FILE, CLIENT_ASSERTION_FILE) differ from auth's, or is the client disabled?`;
    if (of === 403) return `the client ${clientId} does not have the scope events at auth`;
    if (of === 404 && code === 'STREAM_NOT_FOUND')
      return `${clientId} has no stream any more; it is opened again`;
    if (of === 404) return `${url} is not there; is auth older than account events, or AUTH_URL wrong?`;
    if (of === 429 || of >= 500) return `auth at ${url} cannot serve it right now`;
    return `auth at ${url} does not understand the request; is it of another version?`;
  }
}

/** What a request that got no answer, or an answer that is none of auth's, means. */
export function faultOfError(error: unknown, url: string): TransmitterFault {
  if (error instanceof TransmitterFault) return error;
  const { name, message: words, cause } = error as Error;
  if (name === 'TimeoutError') return new TransmitterFault('timeout', `${url} does not answer in time`);
  // `fetch` tells why it failed as the cause of a "fetch failed".
  const { code, message = words } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
  if (message === 'unexpected redirect') return notAuth('redirect', url);
  const kind = code ?? message;
  const advice = OF_TLS.test(kind)
    ? `no trusted TLS connection to ${url}; is NODE_EXTRA_CA_CERTS set to auth's certificate authority, and is AUTH_URL right?`
    : `${url} cannot be reached; is auth running, and is AUTH_URL right?`;
  return new TransmitterFault(kind, advice);
}

/** What it means that the keys for events cannot be fetched, or that a key is not among them. */
export function faultOfKeys(error: unknown, url: string): TransmitterFault {
  const { code, message, cause } = error as Error & { code?: string; cause?: { code?: string } };
  return new TransmitterFault(
    code ?? cause?.code ?? message,
    `an event cannot be verified by the keys at ${url}; is auth running, and is AUTH_URL or JWT_JWKS_URL right?`,
  );
}

/** An answer that auth never gives. @param what is wrong with it */
export function notAuth(what: string, url: string): TransmitterFault {
  return new TransmitterFault(what, `AUTH_URL does not lead to auth, but to ${url}`);
}

/** What a refresh token says. Nothing of it is to be believed before its MAC is checked. */
export interface RefreshToken {
  readonly sessionId: string;
  /** Which of the session's refresh tokens it is. */
  readonly counter: number;
  readonly mac: Buffer;
}

const ID_BYTES = 16;
const COUNTER_BYTES = 6;

/** 54 bytes, a multiple of three: every text of this length and alphabet is the one spelling of its bytes. */
const FORM = /^[A-Za-z0-9_-]{72}$/;

/** Reads a refresh token; `undefined` for what none can look like. */
export function parseRefreshToken(text: string): RefreshToken | undefined {
  if (!FORM.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return {
    sessionId: uuidOf(bytes.subarray(0, ID_BYTES)),
    counter: bytes.readUIntBE(ID_BYTES, COUNTER_BYTES),
    mac: bytes.subarray(ID_BYTES + COUNTER_BYTES),
  };
}

/** The session that a body with a refresh token is about, as the token says. */
export function sessionOfRefreshToken({ refresh_token: token }: Readonly<Record<string, unknown>>) {
  return typeof token === 'string' ? parseRefreshToken(token)?.sessionId : undefined;
}

/** Writes a refresh token: session id, counter and MAC, one behind the other, in base64url. */
export function formatRefreshToken({ sessionId, counter, mac }: RefreshToken): string {
  return Buffer.concat([macInput(sessionId, counter), mac]).toString('base64url');
}

/** Session id and counter as bytes; of fixed length, so that no two pairs read the same. */
export function macInput(sessionId: string, counter: number): Buffer {
  const bytes = Buffer.alloc(ID_BYTES + COUNTER_BYTES);
  bytes.write(sessionId.replaceAll('-', ''), 'hex');
  bytes.writeUIntBE(counter, ID_BYTES, COUNTER_BYTES);
  return bytes;
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

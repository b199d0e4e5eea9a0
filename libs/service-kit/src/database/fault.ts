/** What is worth knowing of anything that was thrown. */
export interface Fault {
  readonly code: string | number | undefined;
  readonly message: string;
}

/** Node's codes for a server that cannot be reached. */
export const UNREACHABLE =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/;

/**
 * Reads the code and the words of an error, the code standing in for absent words: the refusal of `localhost`,
 * which has two addresses, is an AggregateError without a message.
 *
 * By shape, not `instanceof`: under Jest an error of Node's own modules is of another realm.
 */
export function faultOf(error: unknown): Fault {
  const { code, message }: { code?: unknown; message?: unknown } =
    typeof error === 'object' && error !== null ? error : { message: String(error) };
  const known = typeof code === 'string' || typeof code === 'number' ? code : undefined;
  return { code: known, message: typeof message === 'string' && message ? message : String(known ?? error) };
}

/** Node's codes for a server that cannot be reached. */
export const UNREACHABLE =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/;

/**
 * Reads the code and the words of anything that was thrown, the code standing in for absent words: the refusal of
 * `localhost`, which has two addresses, is an AggregateError without a message.
 *
 * By shape, not `instanceof`: under Jest an error of Node's own modules is of another realm.
 */
export function faultOf(error: unknown): { code: string | number | undefined; message: string } {
  const { code, message }: { code?: unknown; message?: unknown } =
    typeof error === 'object' && error !== null ? error : { message: String(error) };
  const known = typeof code === 'string' || typeof code === 'number' ? code : undefined;
  return { code: known, message: typeof message === 'string' && message ? message : String(known ?? error) };
}

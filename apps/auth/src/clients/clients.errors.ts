export type ClientErrorCode =
  | 'CLIENT_INVALID'
  | 'CLIENT_ID_INVALID'
  | 'CLIENT_EXISTS'
  | 'CLIENT_NOT_FOUND'
  | 'CLIENT_HAS_NO_SECRET'
  | 'SERVICE_ACCOUNT_TAKEN';

/** A change of a client that cannot be made; nothing was changed. The message is for an administrator. */
export class ClientError extends Error {
  override readonly name = 'ClientError';

  constructor(
    readonly code: ClientErrorCode,
    message: string,
  ) {
    super(message);
  }
}

export function clientNotFound(id: string): ClientError {
  return new ClientError('CLIENT_NOT_FOUND', `There is no client ${JSON.stringify(id)}.`);
}

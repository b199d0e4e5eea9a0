/** What of a failure may be logged: never the words, in which servers repeat the address. */
export interface MailFailure {
  /** Whether the server has refused this very mail for good (RFC 5321 §4.2.1), so that sending it again is no use. */
  readonly isFinal: boolean;
  readonly reason: string;
}

/** Codes by which nodemailer says that the sender, the recipient or the content was refused. */
const ABOUT_THE_MAIL = new Set(['EENVELOPE', 'EMESSAGE']);
const ERROR_CODE = /^[A-Z][A-Z0-9_]{1,30}$/;

/** Reads what nodemailer throws. A refused login is not final: an operator can mend it. */
export function failureOf(error: unknown): MailFailure {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  const known = typeof code === 'string' && ERROR_CODE.test(code) ? code : 'unknown';
  const status = typeof responseCode === 'number' ? responseCode : undefined;
  return {
    isFinal: status !== undefined && status >= 500 && ABOUT_THE_MAIL.has(known),
    reason: status === undefined ? known : `${known} ${status}`,
  };
}

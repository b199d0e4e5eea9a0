import { type Database, InjectDatabase, type Transaction, validationFailed } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { AuditRepository, type AuditEvent } from '../audit/audit.repository.js';
import { doneBySelf } from '../audit/doer.js';
import type { Requester } from '../audit/requester.js';
import { AccessTokenClaimsService } from '../authorization/access-token-claims.service.js';
import { AccountEventsRepository } from '../events/account-events.repository.js';
import { MailQueueRepository } from '../mail/mail-queue.repository.js';
import { PasswordHasherService } from '../users/password-hasher.service.js';
import { turnOf } from '../users/fair-queue.js';
import { RevocationsService } from '../revocation/revocations.service.js';
import { UsersRepository } from '../users/users.repository.js';
import { UsersService } from '../users/users.service.js';
import { invalidOneTimeToken, wrongPassword } from './accounts.errors.js';
import { OneTimeTokensRepository, type OneTimeToken } from './one-time-tokens.repository.js';

/** Of PostgreSQL: `unique_violation`. */
const UNIQUE_VIOLATION = '23505';

/** What has happened, and to whom. */
type Happened = readonly [event: AuditEvent['event'], userId: string];

/**
 * What shows that a mailbox belongs to somebody. A transaction takes the person first, then mails, then tokens, as
 * everywhere, so that no two wait for each other.
 */
@Injectable()
export class EmailService {
  constructor(
    @InjectDatabase() private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly people: UsersService,
    private readonly hasher: PasswordHasherService,
    private readonly tokens: OneTimeTokensRepository,
    private readonly mails: MailQueueRepository,
    private readonly audit: AuditRepository,
    private readonly events: AccountEventsRepository,
    private readonly revocations: RevocationsService,
    private readonly claims: AccessTokenClaimsService,
  ) {}

  /**
   * Asks for the account to move to another address: that one gets a link, the old one a notice. Whether the new
   * one is taken is not told.
   *
   * @throws {ProblemException} 401 when the password is wrong
   */
  async requestChange(userId: string, password: string, email: string, requester: Requester): Promise<void> {
    const user = await this.people.confirm(userId, password, requester);
    if (!user) throw wrongPassword();
    await this.db.transaction(async (tx) => {
      if (!(await this.users.lock(tx, user.id, user.passwordHash))) throw wrongPassword();
      await this.mails.add({ kind: 'email_change', address: email, userId, data: { client: requester } }, tx);
      await this.mails.add({ kind: 'email_change_notice', address: user.email, userId }, tx);
      await this.audit.record(tx, doneBySelf('email_change_requested', { userId }, requester));
    });
  }

  /**
   * Does what the token of a link stands for: makes the account of a registration, marks the address of an account
   * as verified, or changes it to the one that the link was sent to. The first two need a password, as they let its
   * owner in: whoever reads the mailbox and follows a link need not be the one who asked for it.
   *
   * @param password of the registration, or of the account whose address is to be verified
   * @returns the account's address
   * @throws {ProblemException} 400 when the token is no good, the address has been taken since, or the password is
   * missing; 401 when it is another one: the token stays good for a few tries
   */
  async verify(text: string, password: string | undefined, requester: Requester): Promise<string> {
    const token = await this.tokens.find(['registration', 'email_verification', 'email_change'], text);
    if (!token) throw invalidOneTimeToken();
    const passwordHash = await this.passwordHashOf(token);
    if (passwordHash !== undefined) await this.prove(token, text, passwordHash, password, requester);
    try {
      await this.revocations.commit(async (tx) => {
        const events = await this.use(tx, token, text, passwordHash);
        for (const [event, userId] of events)
          await this.audit.record(tx, doneBySelf(event, { userId }, requester));
        return this.claims.tellOfAddress ? events.map(([, id]) => ({ kind: 'stale-user', id })) : [];
      });
    } catch (error) {
      throw isTaken(error) ? invalidOneTimeToken() : error;
    }
    return token.email;
  }

  /** @returns the hash of the password that has to be shown with the token; nothing where the token is enough */
  private async passwordHashOf(token: OneTimeToken): Promise<string | undefined> {
    if (token.purpose !== 'email_verification') return token.passwordHash ?? undefined;
    const user = token.userId === null ? undefined : await this.users.findById(token.userId);
    if (!user) throw invalidOneTimeToken();
    return user.passwordHash;
  }

  private async prove(
    { email }: OneTimeToken,
    text: string,
    passwordHash: string,
    password: string | undefined,
    requester: Requester,
  ): Promise<void> {
    if (password === undefined)
      throw validationFailed([{ field: 'password', message: 'must be the password of the registration' }]);
    if (!(await this.tokens.countTry(text))) throw invalidOneTimeToken();
    const isRight = await this.hasher
      .verify(passwordHash, password, turnOf(requester, email))
      .catch(async (error: unknown) => {
        await this.tokens.giveTryBack(text);
        throw error;
      });
    if (!isRight) throw wrongPassword();
  }

  private use(
    tx: Transaction,
    token: OneTimeToken,
    text: string,
    passwordHash: string | undefined,
  ): Promise<Happened[]> {
    if (token.passwordHash !== null) return this.register(tx, token, token.passwordHash, text);
    if (token.userId === null) throw invalidOneTimeToken();
    return passwordHash === undefined
      ? this.change(tx, token.userId, token.email, text)
      : this.markVerified(tx, token.userId, passwordHash, text);
  }

  /** Of several registrations of one address the first that is proved wins; the others end with that. */
  private async register(
    tx: Transaction,
    { email }: OneTimeToken,
    passwordHash: string,
    text: string,
  ): Promise<Happened[]> {
    const id = await this.users.addUnlessTaken(tx, { email, passwordHash, emailVerified: true });
    if (id === undefined || !(await this.tokens.consume(tx, 'registration', text)))
      throw invalidOneTimeToken();
    await this.tokens.removeOf(tx, { id, email });
    return [
      ['registered', id],
      ['email_verified', id],
    ];
  }

  private async markVerified(
    tx: Transaction,
    userId: string,
    passwordHash: string,
    text: string,
  ): Promise<Happened[]> {
    if (!(await this.users.lock(tx, userId, passwordHash))) throw invalidOneTimeToken();
    await this.users.markVerified(tx, userId);
    if (!(await this.tokens.consume(tx, 'email_verification', text))) throw invalidOneTimeToken();
    return [['email_verified', userId]];
  }

  /** What was sent to the old address, or is about to be, is of no use from here on. */
  private async change(tx: Transaction, userId: string, email: string, text: string): Promise<Happened[]> {
    const user = await this.users.lockById(tx, userId);
    if (!user) throw invalidOneTimeToken();
    await this.users.changeEmail(tx, userId, email);
    await this.mails.withdraw(tx, user);
    if (!(await this.tokens.consume(tx, 'email_change', text))) throw invalidOneTimeToken();
    await this.tokens.removeOf(tx, user);
    await this.events.record(tx, { type: 'identifier-changed', userId, email });
    return [['email_changed', userId]];
  }
}

function isTaken(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: unknown } };
  return cause?.code === UNIQUE_VIOLATION;
}

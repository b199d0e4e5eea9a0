import type { AccountEvent } from '../account-event.js';

/** An event that could not be handled, and waits for someone to look at it. */
export interface SetAsideEvent {
  readonly event: AccountEvent;
  readonly error: string;
  readonly attempts: number;
  readonly setAsideAt: Date;
  /** Whether it is to be tried again. */
  readonly isRetried: boolean;
}

/**
 * Where a service notes what it has handled: in its own database, so that the note and the work are one transaction.
 * {@link DrizzleAccountEventStore} keeps it in PostgreSQL; another database needs these methods.
 */
export interface AccountEventStore<Transaction = unknown> {
  /**
   * Takes or keeps the right to handle events, which one replica has at a time.
   *
   * @param holder the replica
   * @param seconds for how long, from now
   * @returns whether the replica has it
   */
  lead(holder: string, seconds: number): Promise<boolean>;

  /** Gives the right up, so that another replica need not wait for its end. */
  resign(holder: string): Promise<void>;

  /**
   * Counts an attempt before it is made, and apart from its transaction: it counts even when it ends the process.
   *
   * @returns how many attempts that makes since the event was last done with or set aside
   * @throws {NotLeading} when another replica has the right to handle events by now: nothing was counted
   */
  begin(jti: string, holder: string): Promise<number>;

  /** How often each event was begun that is not done with, by its `jti`. */
  listBegun(): Promise<ReadonlyMap<string, number>>;

  /**
   * Does work once, however often it is asked to: in one transaction, notes `jti` and calls `work`. Of two calls at
   * once the second waits for the first. The event is then done with: it is
   * neither begun nor set aside any more.
   *
   * @returns false if the event was noted before, and nothing was done
   * @throws {NotLeading} when another replica has the right to handle events by now
   * @throws what `work` throws, after everything was rolled back
   */
  once(jti: string, holder: string, work: (tx: Transaction) => Promise<void>): Promise<boolean>;

  /**
   * Sets an event aside; its attempts count no more. One that had been before takes the new error, and is not retried
   * until asked to.
   */
  setAside(event: AccountEvent, error: string, attempts: number): Promise<void>;

  /** What is set aside, the oldest first. */
  listSetAside(limit: number): Promise<SetAsideEvent[]>;

  /** How many events are set aside. */
  countSetAside(): Promise<number>;

  /** Has events tried again that were set aside. @param jti all of them unless told @returns how many */
  retry(jti?: string): Promise<number>;

  /** Removes notes that are older than auth may deliver anything again, of begun events too. */
  forgetHandled(olderThanSeconds: number): Promise<void>;
}

/** Another replica handles the events of this service. */
export class NotLeading extends Error {
  override readonly name = 'NotLeading';

  constructor() {
    super('Another replica handles account events by now');
  }
}

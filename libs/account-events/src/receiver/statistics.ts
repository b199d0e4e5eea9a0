/** Counts of one replica, in plain numbers. */
export class ReceiverStatistics {
  /** What became of delivered events. */
  readonly outcomes = {
    /** Handled, once. */
    handled: 0,
    /** Handled before, and delivered again. */
    duplicate: 0,
    /** No handler of the service is for it. */
    ignored: 0,
    /** A handler failed; it is tried again. */
    failed: 0,
    /** A handler kept failing. */
    set_aside: 0,
    /** Not a security event token of auth for this service. */
    refused: 0,
  };
  /** Events that are set aside, when last counted. */
  setAside = 0;
  /** Whether auth answers this replica. */
  isReceiving = false;
  /** Whether this replica has the right to handle the service's events. */
  isLeading = false;
  /** When the oldest event was issued that this replica has and has not handled. */
  oldest: Date | undefined;
  /** When auth last answered a poll while this replica was receiving. */
  private answeredAt = performance.now();

  noteAnswer(): void {
    this.isReceiving = true;
    this.answeredAt = performance.now();
  }

  /**
   * Seconds by which the service is behind: the age of the oldest event that is not handled, or while auth does not
   * answer the time since it did. 0 at a replica that leaves the events to another.
   */
  lag(now = Date.now()): number {
    if (this.oldest !== undefined) return Math.max(0, (now - this.oldest.getTime()) / 1000);
    return this.isLeading && !this.isReceiving ? (performance.now() - this.answeredAt) / 1000 : 0;
  }
}

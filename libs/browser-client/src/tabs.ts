/** What tabs of one origin tell each other. Held in memory on both sides, and never in storage. */
export interface Message {
  /** The new access token, or none after a logout. */
  readonly token?: string;
  /** Milliseconds since 1970 at which it ends. */
  readonly endsAt?: number;
}

interface Locks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
  request<T>(name: string, options: { ifAvailable: true }, work: (lock: unknown) => Promise<T>): Promise<T>;
}

/** How long the word of the tab that was first may take to arrive, once its lock is free. */
const WORD_TAKES_MS = 100;

/** All tabs of an origin that use the same auth: one of them at a time changes the session, and tells the others. */
export class Tabs {
  private readonly channel: BroadcastChannel | undefined;
  private readonly locks: Locks | undefined;
  private heard = 0;
  private onWord: (() => void) | undefined;
  /** Of this tab, in their order. */
  private queue: Promise<unknown> = Promise.resolve();

  /** @param areShared whether the tabs have one session; otherwise this one is alone */
  constructor(
    private readonly name: string,
    areShared: boolean,
    listener: (message: Message) => void,
  ) {
    if (!areShared) return;
    this.locks = (globalThis.navigator as { locks?: Locks } | undefined)?.locks;
    if (typeof BroadcastChannel === 'undefined') return;
    this.channel = new BroadcastChannel(name);
    this.channel.addEventListener('message', ({ data }: { data: unknown }) => {
      this.heard++;
      listener(data as Message);
      this.onWord?.();
    });
    // Node would wait for messages until the end of days.
    (this.channel as { unref?: () => void }).unref?.();
  }

  tell(message: Message): void {
    this.channel?.postMessage(message);
  }

  /**
   * Runs `work` while no other tab runs any, where the browser has Web Locks; else after this tab's own.
   * If another tab was at it, its word has arrived by then.
   */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const { locks, name, heard } = this;
    const run = async (): Promise<T> => {
      if (!locks) return work();
      const atOnce = await locks.request(name, { ifAvailable: true }, async (lock) =>
        lock ? [await work()] : [],
      );
      if (atOnce.length > 0) return atOnce[0] as T;
      return locks.request(name, async () => {
        if (this.heard === heard) await this.nextWord();
        return work();
      });
    };
    const result = this.queue.then(run);
    this.queue = result.catch(() => undefined);
    return result;
  }

  private nextWord(): Promise<void> {
    return new Promise((resolve) => {
      this.onWord = resolve;
      setTimeout(resolve, WORD_TAKES_MS);
    });
  }
}

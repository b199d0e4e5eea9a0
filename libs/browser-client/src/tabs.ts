/** What tabs of one origin tell each other. Held in memory on both sides, and never in storage. */
export interface Message {
  /** A question for the token; whichever tab has one answers. */
  readonly asks?: true;
  /** The access token, or none after a logout. */
  readonly token?: string;
  /** Milliseconds since 1970 at which it ends. */
  readonly endsAt?: number;
}

interface Locks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
  request<T>(name: string, options: object, work: (lock: unknown) => Promise<T>): Promise<T>;
  query(): Promise<{ readonly held?: readonly { readonly name?: string }[] }>;
}

/** How long another tab may take to answer. */
const ANSWER_TAKES_MS = 200;

/** All tabs of an origin that use the same auth: one of them at a time changes the session, and tells the others. */
export class Tabs {
  private readonly channel: BroadcastChannel | undefined;
  private readonly locks: Locks | undefined;
  private heard = 0;
  private onAnswer: (() => void) | undefined;
  /** Of this tab, in their order. */
  private queue: Promise<unknown> = Promise.resolve();

  /** @param areShared whether the tabs have one session; otherwise this one is alone */
  constructor(
    private readonly name: string,
    areShared: boolean,
    listener: (message: Message) => void,
  ) {
    if (!areShared || typeof BroadcastChannel === 'undefined') return;
    this.locks = (globalThis.navigator as { locks?: Locks } | undefined)?.locks;
    this.channel = new BroadcastChannel(name);
    this.channel.addEventListener('message', ({ data }: { data: unknown }) => {
      const message = data as Message;
      listener(message);
      if (message.asks) return;
      this.heard++;
      this.onAnswer?.();
    });
    // Node would wait for messages until the end of days.
    (this.channel as { unref?: () => void }).unref?.();
    // Held for as long as the tab is there, so that others know of it.
    void this.locks
      ?.request(this.presence, { mode: 'shared' }, () => new Promise(() => {}))
      .catch(() => undefined);
  }

  tell(message: Message): void {
    this.channel?.postMessage(message);
  }

  /**
   * Runs `work` while no other tab runs any, where the browser has Web Locks; else after this tab's own. What another
   * tab knows has arrived by then, if another tab was at it, or if this one is new.
   */
  exclusively<T>(work: () => Promise<T>, isNew = false): Promise<T> {
    const { locks, name, heard } = this;
    const run = async (): Promise<T> => {
      if (!locks) return work();
      const atOnce = await locks.request(name, { ifAvailable: true }, async (lock) => {
        if (!lock) return [];
        if (isNew && (await this.hasOthers(locks))) await this.ask();
        return [await work()];
      });
      if (atOnce.length > 0) return atOnce[0] as T;
      return locks.request(name, async () => {
        if (this.heard === heard) await this.ask();
        return work();
      });
    };
    const result = this.queue.then(run);
    this.queue = result.catch(() => undefined);
    return result;
  }

  private get presence(): string {
    return `${this.name}:tab`;
  }

  private async hasOthers(locks: Locks): Promise<boolean> {
    const { held = [] } = await locks.query();
    return held.filter(({ name }) => name === this.presence).length > 1;
  }

  private ask(): Promise<void> {
    return new Promise((resolve) => {
      this.onAnswer = resolve;
      this.tell({ asks: true });
      setTimeout(resolve, ANSWER_TAKES_MS);
    });
  }
}

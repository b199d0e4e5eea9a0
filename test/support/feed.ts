import type { RunningService } from './service.js';

export interface FeedEvent {
  readonly name: string;
  readonly entries: readonly { kind: string; id: string; before?: number; until: number; for: number }[];
}

/** Somebody who follows the revocation feed and writes down what comes. */
export class FeedFollower {
  readonly events: FeedEvent[] = [];
  beats = 0;
  /** What the last beat has told of the age of what the replica knows, in seconds. */
  age = NaN;
  /** How the stream ended; undefined: it goes on. */
  ended: 'properly' | 'cut off' | undefined;
  private readonly connection = new AbortController();

  static async open({ url }: RunningService, key: string, query = ''): Promise<FeedFollower> {
    const follower = new FeedFollower();
    const response = await fetch(`${url}/revocations${query}`, {
      headers: { authorization: `Bearer ${key}` },
      signal: follower.connection.signal,
    });
    if (response.status !== 200 || !response.body) throw new Error(`the feed answered ${response.status}`);
    void follower.read(response.body).then(
      () => (follower.ended = 'properly'),
      () => (follower.ended = 'cut off'),
    );
    return follower;
  }

  /** Whether an event has named this session, user or key. */
  names(id: string): boolean {
    return this.events.some(({ entries }) => entries.some((entry) => entry.id === id));
  }

  close(): void {
    this.connection.abort();
  }

  private async read(body: AsyncIterable<Uint8Array>): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.take(block);
    }
  }

  private take(block: string): void {
    const [beat, age] = /^: beat (\d+\.\d{3})$/.exec(block) ?? [];
    if (beat !== undefined) {
      this.age = Number(age);
      this.beats++;
      return;
    }
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/m.exec(block) ?? [];
    if (name === undefined || data === undefined) throw new Error(`not an event: ${block}`);
    this.events.push({ name, entries: JSON.parse(data).revocations });
  }
}

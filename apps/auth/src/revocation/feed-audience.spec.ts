import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Revocation } from '@signet/jwt-shared';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { FeedAudience } from './feed-audience.js';
import type { FeedFollower } from './feed-follower.js';

const KINDS = ['session', 'stale-role', 'user'] as const;
const sessions = (from: number, count: number): Revocation[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'session',
    id: `session-${from + index}`,
    until: 9e9,
    for: 300,
  }));

/** The part of a response that a follower knows. */
class Response extends EventEmitter {
  isDestroyed = false;
  destroy(): void {
    this.isDestroyed = true;
    this.emit('close');
  }
}

describe('followers that understand the same', () => {
  let audience: FeedAudience;
  let asked: number;
  let revoked: Revocation[];
  beforeEach(() => {
    audience = new FeedAudience(KINDS);
    asked = 0;
    revoked = sessions(0, 10_000);
  });

  function open(): { follower: FeedFollower; response: Response } {
    const response = new Response();
    const all = () => {
      asked++;
      return revoked;
    };
    return { follower: audience.open(response as unknown as ServerResponse, all), response };
  }

  /** Reads what there is. */
  async function read({ stream }: FeedFollower): Promise<Buffer[]> {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk)).resume();
    for (let round = 0; round < 20; round++) await turn();
    stream.removeAllListeners('data').pause();
    return chunks;
  }

  const idsIn = (chunks: readonly Buffer[]) =>
    chunks.flatMap((chunk) => {
      const json = /^data: (.*)$/m.exec(chunk.toString())?.[1] ?? '{"revocations":[]}';
      return (JSON.parse(json) as { revocations: { id: string }[] }).revocations.map(({ id }) => id);
    });
  const namesOf = (chunks: readonly Buffer[]) =>
    chunks.map((chunk) => /^event: (\w+)$/m.exec(chunk.toString())?.[1]);

  it('get the same bytes of one snapshot, in several events of which the last is called so', async () => {
    const [first, second] = [open().follower, open().follower];
    const [ofFirst, ofSecond] = [await read(first), await read(second)];
    expect(namesOf(ofFirst)).toEqual([...Array.from({ length: 4 }, () => 'revoked'), 'snapshot']);
    expect(idsIn(ofFirst)).toEqual(revoked.map(({ id }) => id));
    expect(asked).toBe(1);
    ofSecond.forEach((chunk, index) => expect(chunk).toBe(ofFirst[index]));
  });

  it('miss nothing that is revoked between the snapshot and their coming', async () => {
    const early = open().follower;
    audience.tell(sessions(20_000, 2));
    const late = open().follower;
    audience.tell(sessions(30_000, 1));
    for (const follower of [early, late]) {
      expect(idsIn(await read(follower))).toEqual(
        expect.arrayContaining(['session-20000', 'session-20001', 'session-30000']),
      );
    }
    expect(asked).toBe(1);
  });

  it('are not cut off for a snapshot, however long it is, or for one long event', async () => {
    revoked = sessions(0, 100_000);
    const { follower, response } = open();
    audience.tell(sessions(200_000, 20_000));
    audience.beat(Buffer.from(': beat 0.000\n\n'));
    expect(response.isDestroyed).toBe(false);
    expect(idsIn(await read(follower))).toHaveLength(120_000);
  });

  it('are cut off alone when they do not read', async () => {
    const [deaf, hearing] = [open(), open()];
    await read(hearing.follower);
    for (let round = 0; round < 4; round++) {
      audience.tell(sessions(50_000 + round * 8_000, 8_000));
      await read(hearing.follower);
    }
    expect([deaf.response.isDestroyed, hearing.response.isDestroyed]).toEqual([true, false]);
    expect(audience.followers.size).toBe(1);
  });

  it('read to the end before their stream ends', async () => {
    const { follower } = open();
    audience.tell(sessions(70_000, 1));
    follower.end();
    const chunks: Buffer[] = [];
    for await (const chunk of follower.stream) chunks.push(chunk as Buffer);
    expect(idsIn(chunks)).toHaveLength(10_001);
  });
});

import type { Revocation } from '@signet/jwt-shared';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { LiveRevocationsService } from './live-revocations.service.js';

const now = Math.floor(Date.now() / 1000);
const session: Revocation = { kind: 'session', id: 'one', until: now + 300 };
const user = (before: number, until = now + 300): Revocation => ({ kind: 'user', id: 'one', before, until });

describe('the revocations in memory', () => {
  let live: LiveRevocationsService;
  let told: (readonly Revocation[])[];
  beforeEach(() => {
    live = new LiveRevocationsService();
    told = [];
    live.added.subscribe((revocations) => told.push(revocations));
  });

  it('tell of each once, however often the table and notifications name it', () => {
    live.add([session]);
    live.add([session, user(now)]);
    live.add([user(now), session]);
    expect(told).toEqual([[session], [user(now)]]);
    expect(live.all()).toEqual([session, user(now)]);
  });

  it('keep a person and a session with the same id apart', () => {
    live.add([session, user(now)]);
    expect(live.size).toBe(2);
  });

  it('let a later cut-off take the place of an earlier one, and tell of it', () => {
    live.add([user(now)]);
    live.add([user(now + 5, now + 305)]);
    live.add([user(now)]);
    expect(told).toEqual([[user(now)], [user(now + 5, now + 305)]]);
    expect(live.all()).toEqual([user(now + 5, now + 305)]);
  });

  it('forget what no token can need any more', () => {
    live.add([{ ...session, until: now - 1 }, user(now)]);
    expect(live.all()).toEqual([user(now)]);
    live.markCurrent(performance.now());
    expect(live.size).toBe(1);
  });

  it('are current only after the table was read, and not for long', () => {
    expect([live.isCurrent, live.age()]).toEqual([false, Infinity]);
    live.markCurrent(performance.now() - 4_000);
    expect(live.isCurrent).toBe(true);
    live.markCurrent(performance.now() - 5_000);
    expect(live.isCurrent).toBe(false);
  });
});

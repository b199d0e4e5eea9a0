import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EVENT_TYPES } from '@signet/account-events';
import { ProblemException, ReadinessService } from '@signet/service-kit';
import { importJWK, jwtVerify } from 'jose';
import { randomUUID } from 'node:crypto';
import type { AccountEvent } from '../events/account-event.js';
import { EVENTS_CONFIG, openOutbox, type TestOutbox } from '../events/testing/outbox.js';
import { LiveRevocationsService } from '../revocation/live-revocations.service.js';
import type { KeyRingService } from '../signing/key-ring.service.js';
import type { PollDto } from './dto/poll.dto.js';
import { PollService } from './poll.service.js';
import { SetSignerService } from './set-signer.service.js';
import { StreamWatcherService } from './stream-watcher.service.js';

const person = randomUUID();
const purged = (userId = person): AccountEvent => ({ type: 'account-purged', userId });
const NOBODY_LEAVES = new AbortController().signal;

describe('polling for events', () => {
  let test: TestOutbox;
  let watcher: StreamWatcherService;
  let service: PollService;
  let readiness: ReadinessService;
  let revocations: LiveRevocationsService;
  const signer = new SetSignerService(EVENTS_CONFIG, {} as KeyRingService);
  beforeAll(async () => {
    test = await openOutbox();
  });
  beforeEach(async () => {
    await test.empty();
    await test.streams.open('business');
    await test.streams.open('mailer');
    revocations = new LiveRevocationsService();
    watcher = new StreamWatcherService(test.outbox, revocations);
    watcher.onModuleInit();
    readiness = new ReadinessService();
    service = new PollService(test.db, test.streams, test.outbox, test.erasures, signer, watcher, readiness);
    service.onModuleInit();
  });
  afterEach(() => watcher.onModuleDestroy());
  afterAll(() => test.close());

  const poll = (body: PollDto, clientId = 'business', isAllowed = () => Promise.resolve()) =>
    service.poll(clientId, body, isAllowed, NOBODY_LEAVES);
  const pollNow = (body: Readonly<Partial<Record<keyof PollDto, unknown>>> = {}, clientId = 'business') =>
    poll({ ...(body as object), returnImmediately: true }, clientId);
  const isWaiting = async (count = 1) => {
    while (watcher.size < count) await new Promise(setImmediate);
  };

  it('gives the same events until they are acknowledged, and then not again', async () => {
    await test.record(purged(), { type: 'account-disabled', userId: person });
    const first = await pollNow();
    const jtis = Object.keys(first.sets);
    expect(jtis).toHaveLength(2);
    expect(await pollNow()).toEqual(first);
    expect(Object.keys((await pollNow({ ack: [jtis[0]!] })).sets)).toEqual([jtis[1]]);
    expect(await pollNow({ ack: jtis })).toEqual({ sets: {}, moreAvailable: false });
  });

  it('gives as many as are asked for, in order, and says whether there are more', async () => {
    const people = Array.from({ length: 5 }, () => randomUUID());
    await test.record(...people.map((userId) => purged(userId)));
    const subjects: string[] = [];
    let ack: string[] = [];
    for (const more of [true, true, false]) {
      const { sets, moreAvailable } = await pollNow({ maxEvents: 2, ack });
      expect(moreAvailable).toBe(more);
      ack = Object.keys(sets);
      for (const set of Object.values(sets)) subjects.push(await subjectOf(set));
    }
    expect(subjects).toEqual(people);
    expect(await pollNow({ maxEvents: 0 })).toEqual({ sets: {}, moreAvailable: true });
    expect(await pollNow({ maxEvents: 0, ack })).toEqual({ sets: {}, moreAvailable: false });
  });

  const subjectOf = async (set: string, clientId = 'business'): Promise<string> => {
    const key = signer.keyOf((await test.streams.find(clientId))!)!;
    const { payload } = await jwtVerify<{ sub_id: { sub: string } }>(set, await importJWK({ ...key }), {
      issuer: EVENTS_CONFIG.JWT_ISSUER,
      audience: clientId,
      typ: 'secevent+jwt',
    });
    return payload.sub_id.sub;
  };

  it('under HS256 signs each stream with a key of its own, so that no receiver can deceive another', async () => {
    await test.record(purged());
    const [set = ''] = Object.values((await pollNow()).sets);
    expect(await subjectOf(set)).toBe(person);
    const others = signer.keyOf((await test.streams.find('mailer'))!)!;
    await expect(jwtVerify(set, await importJWK({ ...others }))).rejects.toThrow('signature');
  });

  it('gives a stream its own events only, and takes acknowledgements of no other', async () => {
    await test.record(purged());
    const [jti = ''] = Object.keys((await pollNow()).sets);
    const others = Object.keys((await pollNow({ ack: [jti] }, 'mailer')).sets);
    expect(others).not.toContain(jti);
    await pollNow({ setErrs: { [jti]: { err: 'access_denied' } } }, 'mailer');
    expect(Object.keys((await pollNow()).sets)).toEqual([jti]);
    const [erasure] = await test.erasures.list({ limit: 1 });
    expect(erasure?.services).toMatchObject([
      { client_id: 'business', confirmed_at: null, error: null, told_at: expect.any(String) },
      { client_id: 'mailer', confirmed_at: null, error: null },
    ]);
  });

  it('confirms a deletion once: a repeated acknowledgement moves nothing', async () => {
    await test.record(purged());
    const [jti = ''] = Object.keys((await pollNow()).sets);
    await pollNow({ ack: [jti] });
    const confirmed = (await test.erasures.list({ limit: 1 }))[0]?.services[0]?.confirmed_at;
    expect(confirmed).toEqual(expect.any(String));
    await pollNow({
      ack: [jti, randomUUID(), 'no uuid', '', "'; drop table users"],
      setErrs: { [jti]: { err: 'late' } },
    });
    expect((await test.erasures.list({ limit: 1 }))[0]?.services[0]).toMatchObject({
      confirmed_at: confirmed,
      error: null,
    });
  });

  it('sets aside what a receiver cannot take, and takes a late acknowledgement of it', async () => {
    await test.record(purged());
    const [jti = ''] = Object.keys((await pollNow()).sets);
    await pollNow({ setErrs: { [jti]: { err: 'invalid_request', description: 'no\0 such thing' } } });
    expect((await pollNow()).sets).toEqual({});
    const [aside] = await test.outbox.listSetAside({ limit: 10 });
    expect(aside).toMatchObject({ setAsideBecause: 'invalid_request', setAsideDetail: 'no such thing' });
    const receipt = async () =>
      (await test.erasures.list({ limit: 1 }))[0]?.services.find(({ client_id }) => client_id === 'business');
    expect(await receipt()).toMatchObject({ confirmed_at: null, error: 'invalid_request: no such thing' });

    await pollNow({ ack: [jti] });
    expect(await test.outbox.listSetAside({ limit: 10 })).toEqual([]);
    expect(await receipt()).toMatchObject({ confirmed_at: expect.any(String), error: null });
  });

  it('waits until there is an event, and holds up no other stream', async () => {
    const waiting = poll({});
    await isWaiting();
    expect((await pollNow({}, 'mailer')).sets).toEqual({});
    await test.record(purged());
    expect(Object.keys((await waiting).sets)).toHaveLength(1);
    expect(watcher.size).toBe(0);
  });

  it('is not asleep for an event that another connection commits late', async () => {
    const late = await test.pool.connect();
    await late.query('begin');
    await late.query(
      `insert into account_events (client_id, type, user_id, txn)
        values ('business', $1, $2, gen_random_uuid())`,
      [EVENT_TYPES['account-enabled'], person],
    );
    const waiting = poll({});
    await isWaiting();
    await late.query('commit');
    late.release();
    expect(Object.keys((await waiting).sets)).toHaveLength(1);
  });

  it('answers whoever waits when the service stops, and lets nobody wait from then on', async () => {
    const waiting = poll({});
    await isWaiting();
    readiness.beginStopping();
    expect(await waiting).toEqual({ sets: {}, moreAvailable: false });
    expect(await poll({})).toEqual({ sets: {}, moreAvailable: false });
  });

  it('bounds the polls of a stream that wait, and none of them pushes another out', async () => {
    const polls = Array.from({ length: 32 }, () => poll({}));
    await isWaiting(32);
    await expect(poll({})).rejects.toMatchObject({ status: 503 });
    expect(watcher.size).toBe(32);
    expect((await pollNow()).sets).toEqual({});
    const others = poll({}, 'mailer');
    await isWaiting(33);
    await test.record(purged());
    const answers = await Promise.all([...polls, others]);
    expect(answers.map(({ sets }) => Object.keys(sets).length)).toEqual(Array(33).fill(1));
  });

  it('takes acknowledgements and errors of the same events in opposite orders at once', async () => {
    for (let round = 0; round < 15; round++) {
      const people = Array.from({ length: 40 }, () => randomUUID());
      await test.record(...people.map((userId) => purged(userId)));
      const jtis = Object.keys((await pollNow({ maxEvents: 100 })).sets);
      const errors = (of: readonly string[]) =>
        Object.fromEntries(of.map((jti) => [jti, { err: 'access_denied' }]));
      const [first, second] = [jtis.slice(0, 20), jtis.slice(20)];
      await Promise.all([
        pollNow({ ack: jtis }),
        pollNow({ ack: jtis.toReversed() }),
        pollNow({ ack: first, setErrs: errors(second) }),
        pollNow({ ack: second, setErrs: errors(first) }),
        pollNow({ setErrs: errors(jtis.toReversed()) }),
        ...people.slice(0, 5).map((userId) => test.record(purged(userId))),
      ]);
    }
  });

  const refused = new ProblemException(401, 'INVALID_CLIENT', 'no');

  /** A poll that has been let in, and whose receiver can be shut out. */
  async function beginWaiting() {
    const receiver = { isShutOut: false, checks: 0 };
    const answer = poll({}, 'business', () => {
      receiver.checks++;
      return receiver.isShutOut ? Promise.reject(refused) : Promise.resolve();
    });
    while (receiver.checks === 0) await new Promise(setImmediate);
    return { answer, receiver };
  }

  it('ends the wait of a receiver at once that is shut out, and of no other', async () => {
    const other = poll({}, 'mailer');
    const { answer, receiver } = await beginWaiting();
    receiver.isShutOut = true;
    revocations.add([{ kind: 'client', id: 'business', before: 2, until: 9_999_999_999 }]);
    await expect(answer).rejects.toBe(refused);
    expect(watcher.size).toBe(1);
    await test.record(purged());
    expect(Object.keys((await other).sets)).toHaveLength(1);
  });

  it('gives nothing more to who knew a secret that was withdrawn while they waited', async () => {
    const { answer } = await beginWaiting();
    revocations.add([{ kind: 'client', id: 'business', before: 2, until: 9_999_999_999 }]);
    await test.record(purged());
    expect((await answer).sets).toEqual({});
  });

  it('gives nothing to a receiver that was shut out while it waited', async () => {
    const { answer, receiver } = await beginWaiting();
    receiver.isShutOut = true;
    const refusal = expect(answer).rejects.toBe(refused);
    await test.record(purged());
    await refusal;
  });

  it('forgets a receiver that leaves while it waits', async () => {
    const left = new AbortController();
    const waiting = service.poll('business', {}, () => Promise.resolve(), left.signal);
    await isWaiting();
    left.abort();
    expect((await waiting).sets).toEqual({});
    expect(watcher.size).toBe(0);
  });

  it('knows no stream of a client without one', async () => {
    await expect(pollNow({}, 'stranger')).rejects.toMatchObject({ status: 404 });
  });
});

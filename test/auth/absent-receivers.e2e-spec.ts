import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { person } from '../support/administration.js';
import { PASSWORD } from '../support/deployment.js';
import {
  startTransmitter,
  type EventReceiver,
  type ReceivedEvent,
  type Transmitter,
} from '../support/event-receiver.js';
import { request } from '../support/http.js';
import { readMetrics } from '../support/metrics.js';
import { basic } from '../support/oauth.js';
import { RawSocket } from '../support/raw-socket.js';
import { AuthReplicas, eventually } from '../support/sessions.js';

const RETENTION_SECONDS = 7_200;
const CLAIMS_CHANGED = 'https://schemas.openid.net/secevent/caep/event-type/token-claims-change';
const EVENTS = 3_000;
const ACCOUNTS = 20;

describe('a receiver that is away, or slow', () => {
  let replicas: AuthReplicas;
  let transmitter: Transmitter;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    transmitter = await startTransmitter(replicas, {
      EVENTS_RETENTION_SECONDS: String(RETENTION_SECONDS),
      CLEANING_INTERVAL_SECONDS: '1',
      RATE_LIMITS: 'off',
    });
  });
  afterAll(() => replicas.end());

  /** As the changes of `ACCOUNTS` accounts leave them behind, evenly over the seconds before now. */
  const write = (clientId: string, seconds: number) =>
    replicas.query(
      `insert into account_events (client_id, type, user_id, claims, txn, recorded_at, waits_since)
        select $1, $2, ('00000000-0000-7000-8000-' || lpad((n % ${ACCOUNTS})::text, 12, '0'))::uuid,
          jsonb_build_object('claims', jsonb_build_object('version', n)), gen_random_uuid(), at, at
        from (select n, now() - make_interval(secs => $3::float8 * (1 - n / ${EVENTS}::float8)) as at
          from generate_series(1, ${EVENTS}) n order by n) happened`,
      [clientId, CLAIMS_CHANGED, seconds],
    );
  const versionOf = ({ claims }: ReceivedEvent) => (claims['claims'] as { version: number }).version;
  const counts = (clientId: string) =>
    replicas.query(
      `select count(*) filter (where set_aside_at is null)::int as waiting,
        count(*) filter (where set_aside_at is not null)::int as aside from account_events where client_id = $1`,
      [clientId],
    );
  const isToldOf = async (line: string) => {
    await eventually(() => transmitter.auth.output().includes(line));
  };

  it('for an hour catches up in order, with each event once that it has acknowledged', async () => {
    const { receiver } = await transmitter.addReceiver('away');
    await write('away', 3_600);
    const seen: ReceivedEvent[] = [];
    const acknowledged = new Set<string>();
    for (let ack: string[] = [], round = 1; ; round++) {
      const events = await receiver.poll({ returnImmediately: true, maxEvents: 250, ack });
      for (const jti of ack) acknowledged.add(jti);
      if (events.length === 0) break;
      expect(events.filter(({ jti }) => acknowledged.has(jti))).toEqual([]);
      // It dies in between, now and then, before it has noted or acknowledged anything.
      const isLost = round % 4 === 0;
      ack = isLost ? [] : events.map(({ jti }) => jti);
      if (!isLost) seen.push(...events);
    }
    expect(seen.map((event) => versionOf(event))).toEqual(Array.from({ length: EVENTS }, (_, n) => n + 1));
    expect(new Set(seen.map(({ jti }) => jti)).size).toBe(EVENTS);
    expect(new Set(seen.map(({ userId }) => userId)).size).toBe(ACCOUNTS);
    expect(seen.at(-1)!.payload.iat! - seen[0]!.payload.iat!).toBeGreaterThan(3_500);
    expect(await counts('away')).toEqual([{ waiting: 0, aside: 0 }]);
  });

  it('for longer than events are kept finds them set aside, which is told, and dropped at last', async () => {
    const { receiver } = await transmitter.addReceiver('forgotten');
    await write('forgotten', 10 * RETENTION_SECONDS);
    // One in ten is young enough; all others are done with in one round, whatever their number.
    const expired = EVENTS * 0.9;
    await isToldOf(
      `Set aside ${expired} account events that forgotten has not acknowledged for ${RETENTION_SECONDS} seconds`,
    );
    const metrics = async () => (await readMetrics(transmitter.auth)).get('event_outbox_set_aside');
    await eventually(async () => (await metrics()) === expired);
    const left = await receiver.drain();
    expect(left.map((event) => versionOf(event))).toEqual(
      Array.from({ length: EVENTS - expired }, (_, n) => expired + n + 1),
    );
    await replicas.query(
      `update account_events set set_aside_at = now() - interval '1 day' where set_aside_at is not null`,
    );
    await isToldOf(`Dropped ${expired} account events of forgotten that had been set aside`);
    expect(await counts('forgotten')).toEqual([{ waiting: 0, aside: 0 }]);
  });

  describe('and reads nothing, acknowledges nothing and holds every poll that it may', () => {
    let receiver: EventReceiver;
    const sockets: RawSocket[] = [];
    const memory = async () =>
      (await readMetrics(transmitter.auth)).get('process_resident_memory_bytes') ?? NaN;
    let before: number;
    beforeAll(async () => {
      ({ receiver } = await transmitter.addReceiver('quick'));
      const { client } = await transmitter.addReceiver('slow');
      const { client: idle } = await transmitter.addReceiver('idle');
      await write('slow', 60);
      await request('GET', `${transmitter.auth.url}/health/ready`);
      before = await memory();
      const poll = async (headers: Record<string, string>, body: object) => {
        const socket = await RawSocket.open(transmitter.auth);
        socket.pause();
        const text = JSON.stringify(body);
        socket.send(
          `POST /ssf/poll HTTP/1.1\r\nHost: x\r\nAuthorization: ${headers['authorization']}\r\n` +
            `Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
        );
        sockets.push(socket);
      };
      for (let n = 0; n < 60; n++) await poll(basic(client), { maxEvents: 250, returnImmediately: true });
      for (let n = 0; n < 40; n++) await poll(basic(idle), {});
      await delay(500);
    });
    afterAll(() => {
      for (const socket of sockets) socket.close();
    });

    it('holds up no other receiver, and neither does it hold connections of the database', async () => {
      const waiting = receiver.poll({});
      const { access_token } = await person(transmitter.auth);
      await request('DELETE', `${transmitter.auth.url}/auth/me`, {
        token: access_token,
        body: { password: PASSWORD },
      });
      const [event] = await waiting;
      expect(event?.type).toBe('sessions-revoked');
      const held = await replicas.query(
        `select state, query from pg_stat_activity where datname = current_database()
          and state like 'idle in transaction%'`,
      );
      expect(held).toEqual([]);
      expect((await request('GET', `${transmitter.auth.url}/health/ready`)).status).toBe(200);
    });

    it('costs no more memory than the answers that it does not read', async () => {
      expect((await memory()) - before).toBeLessThan(150 * 1024 * 1024);
    });
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  SignJWT,
} from 'jose';
import { FalseClock } from '../support/clock.js';
import { request } from '../support/http.js';
import { operate, operateJson } from '../support/operator.js';
import { newKey, newKeyRing } from '../support/secrets.js';
import { failToStart, type Environment, type RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  eventually,
  newPerson,
  refresh,
  statusOfMe,
} from '../support/sessions.js';

const ES256 = newKeyRing();
const { KEY_ENCRYPTION_KEY } = ES256;
const DAY_MS = 86_400_000;

interface ListedKey {
  readonly kid: string;
  readonly state: string;
}

describe('the key ring', () => {
  let replicas: AuthReplicas;
  beforeEach(async () => {
    replicas = await AuthReplicas.prepare();
  });
  afterEach(() => replicas.end());

  const environment = (settings: Environment = ES256): Environment => ({
    ...replicas.environment,
    ...settings,
  });
  const list = async (settings?: Environment): Promise<readonly ListedKey[]> =>
    (await operateJson<{ keys: ListedKey[] }>(['keys', 'list'], environment(settings))).keys;
  const states = async (): Promise<string[]> => (await list()).map(({ state }) => state);
  const jwks = async ({ url }: RunningService): Promise<Record<string, string>[]> =>
    (await request<{ keys: Record<string, string>[] }>('GET', `${url}/.well-known/jwks.json`)).body.keys;
  const logIn = async (auth: RunningService) => beginSession(auth, await newPerson(auth));
  const kidOf = (token: string) => decodeProtectedHeader(token).kid;

  it.each([
    ['ES256', { kty: 'EC', crv: 'P-256' }],
    ['RS256', { kty: 'RSA', e: 'AQAB' }],
    ['PS256', { kty: 'RSA', e: 'AQAB' }],
    ['EdDSA', { kty: 'OKP', crv: 'Ed25519' }],
  ])('signs with %s from the first start on, and publishes the public half alone', async (alg, members) => {
    const auth = await replicas.start({ JWT_ALGORITHM: alg, KEY_ENCRYPTION_KEY });
    const { access_token } = await logIn(auth);
    expect(await statusOfMe(auth, access_token)).toBe(200);
    const [key, ...others] = await jwks(auth);
    expect(others).toEqual([]);
    expect(key).toMatchObject({ ...members, alg, use: 'sig', kid: kidOf(access_token) });
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'])
      expect(key).not.toHaveProperty(member);
    expect(decodeProtectedHeader(access_token)).toEqual({ alg, typ: 'at+jwt', kid: key?.['kid'] });
  });

  it('keeps private keys in the database only as ciphertext', async () => {
    await replicas.start(ES256);
    const [row] = await replicas.query<{ private_key: Buffer }>('select private_key from signing_keys');
    const bytes = row?.private_key ?? Buffer.alloc(0);
    expect(bytes.length).toBeGreaterThan(100);
    // The DER of a PKCS #8 EC key names its curve.
    expect(bytes.includes(Buffer.from('2a8648ce3d030107', 'hex'))).toBe(false);
  });

  it('may be cached by verifiers for as long as it says, and asked for changes', async () => {
    const auth = await replicas.start({ ...ES256, JWKS_MAX_AGE: '120' });
    const url = `${auth.url}/.well-known/jwks.json`;
    const { headers } = await request('GET', url);
    expect(headers.get('cache-control')).toBe('public, max-age=120');
    const again = await request('GET', url, { headers: { 'if-none-match': headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    await operateJson(['keys', 'rotate'], environment());
    await eventually(async () => (await jwks(auth)).length === 2);
    const changed = await request('GET', url, { headers: { 'if-none-match': headers.get('etag') ?? '' } });
    expect(changed.status).toBe(200);
  });

  it('has no keys under HS256, and says so', async () => {
    const auth = await replicas.start();
    expect(await jwks(auth)).toEqual([]);
    const hs256 = { JWT_ALGORITHM: 'HS256' };
    expect(await list(hs256)).toEqual([]);
    const { code, stderr } = await operate(['keys', 'rotate'], environment(hs256));
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('JWT_ALGORITHM is HS256') });
  });

  it('is the same after a restart: tokens from before are good', async () => {
    const first = await replicas.start(ES256);
    const { access_token } = await logIn(first);
    await first.stop();
    const second = await replicas.start(ES256);
    expect(await statusOfMe(second, access_token)).toBe(200);
    expect(kidOf((await logIn(second)).access_token)).toBe(kidOf(access_token));
  });

  it('gets one first key when several replicas start at once, and all sign with it', async () => {
    const all = await Promise.all([1, 2, 3].map(() => replicas.start(ES256)));
    const kids = await Promise.all(all.map(async (auth) => kidOf((await logIn(auth)).access_token)));
    expect(new Set(kids).size).toBe(1);
    expect(await states()).toEqual(['current']);
  });

  it('publishes a key before it signs, and after it has signed until its last token has expired', async () => {
    const quick = { ...ES256, KEY_PUBLISH_AHEAD: '10', JWT_EXPIRES_IN: '60' };
    const auth = await replicas.start(quick);
    const old = kidOf((await logIn(auth)).access_token);
    const { kid } = await operateJson<{ kid: string }>(['keys', 'rotate'], environment(quick));
    await eventually(async () => (await jwks(auth)).length === 2);
    expect(await states()).toEqual(['current', 'next']);
    expect(kidOf((await logIn(auth)).access_token)).toBe(old);
    await eventually(async () => kidOf((await logIn(auth)).access_token) === kid);
    expect(await states()).toEqual(['retiring', 'current']);
    expect((await jwks(auth)).map((key) => key['kid'])).toEqual([old, kid]);
    await replicas.query(`update signing_keys set expires_at = now() where kid = $1`, [old]);
    await eventually(async () => (await jwks(auth)).length === 1);
    expect(await states()).toEqual(['gone', 'current']);
  });

  it('goes by the clock of the database, whatever those of the replicas say', async () => {
    const quick = { ...ES256, KEY_PUBLISH_AHEAD: '10', JWT_EXPIRES_IN: '60' };
    const all = await Promise.all(
      [0, DAY_MS, -DAY_MS].map((offset) => {
        const clock = new FalseClock();
        clock.set(offset);
        return replicas.start({ ...quick, NODE_OPTIONS: clock.nodeOptions });
      }),
    );
    const signers = () => Promise.all(all.map(async (auth) => kidOf((await logIn(auth)).access_token)));
    const areSigners = (kid: string | undefined) =>
      eventually(async () => (await signers()).every((signer) => signer === kid));
    const [old] = await signers();
    const { kid } = await operateJson<{ kid: string }>(['keys', 'rotate'], environment(quick));
    for (const auth of all) await eventually(async () => (await jwks(auth)).length === 2);
    expect(new Set(await signers())).toEqual(new Set([old]));
    await areSigners(kid);
    for (const auth of all) expect((await jwks(auth)).map((key) => key['kid'])).toEqual([old, kid]);
  });

  it('has one successor at a time, however often it is asked for', async () => {
    await replicas.start(ES256);
    const rotations = await Promise.all(
      [1, 2, 3].map(() => operateJson<{ kid: string; created: boolean }>(['keys', 'rotate'], environment())),
    );
    expect(new Set(rotations.map(({ kid }) => kid)).size).toBe(1);
    expect(rotations.filter(({ created }) => created)).toHaveLength(1);
    expect(await states()).toEqual(['current', 'next']);
  });

  it('does not come up with another KEY_ENCRYPTION_KEY, says so, and leaves the keys as they are', async () => {
    const first = await replicas.start(ES256);
    const { access_token } = await logIn(first);
    await first.stop();
    const before = await replicas.query('select * from signing_keys');
    const other = newKey();
    const { code, stderr } = await failToStart('auth', environment({ ...ES256, KEY_ENCRYPTION_KEY: other }));
    expect(code).toBe(1);
    expect(stderr).toContain(`KEY_ENCRYPTION_KEY is not the one that signing key ${kidOf(access_token)}`);
    expect(stderr).not.toContain(other);
    expect(await replicas.query('select * from signing_keys')).toEqual(before);
    expect(await statusOfMe(await replicas.start(ES256), access_token)).toBe(200);
  });

  it('publishes no key that somebody has written into the database: its tokens are not let in', async () => {
    const auth = await replicas.start(ES256);
    const { access_token } = await logIn(auth);
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(jwk);
    await replicas.query(
      `insert into signing_keys select $1, algorithm, $2::jsonb, private_key, created_at - interval '1 hour',
        signs_from - interval '1 hour', signs_until, expires_at, null from signing_keys`,
      [kid, JSON.stringify(jwk)],
    );
    const forged = await new SignJWT(decodeJwt(access_token))
      .setProtectedHeader({ ...decodeProtectedHeader(access_token), alg: 'ES256', kid })
      .sign(privateKey);
    await auth.prints(`signing key ${kid} was changed in the database`);
    expect((await jwks(auth)).map((key) => key['kid'])).toEqual([kidOf(access_token)]);
    expect(await statusOfMe(auth, forged)).toBe(401);
    expect(await statusOfMe(auth, access_token)).toBe(200);
  });

  it('publishes what the private half proves, whatever the row says of the public one', async () => {
    const auth = await replicas.start(ES256);
    const [before] = await jwks(auth);
    await auth.stop();
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    await replicas.query('update signing_keys set public_jwk = $1::jsonb', [
      JSON.stringify(await exportJWK(publicKey)),
    ]);
    expect(await jwks(await replicas.start(ES256))).toEqual([before]);
  });

  it('does not use a private key that was put into the row of another', async () => {
    const first = await replicas.start(ES256);
    await operateJson(['keys', 'rotate'], environment());
    await first.stop();
    const [one, two] = (await list()).map(({ kid }) => kid);
    await replicas.query(
      `update signing_keys set private_key = (select private_key from signing_keys where kid = $1) where kid = $2`,
      [one, two],
    );
    const { code, stderr } = await failToStart('auth', environment());
    expect(code).toBe(1);
    expect(stderr).toContain(`signing key ${two} was changed in the database`);
  });

  it('is encrypted anew by a command, after which the old encryption key can go', async () => {
    const first = await replicas.start(ES256);
    const { access_token } = await logIn(first);
    await first.stop();
    const next = {
      ...newKeyRing(),
      KEY_ENCRYPTION_KEY_PREVIOUS: KEY_ENCRYPTION_KEY,
    };
    const reencrypt = () => operateJson(['keys', 'reencrypt'], environment(next));
    expect(await reencrypt()).toEqual({ reencrypted: 1, unchanged: 0 });
    expect(await reencrypt()).toEqual({ reencrypted: 0, unchanged: 1 });
    const second = await replicas.start({ ...next, KEY_ENCRYPTION_KEY_PREVIOUS: '' });
    expect(await statusOfMe(second, access_token)).toBe(200);
    expect(kidOf((await logIn(second)).access_token)).toBe(kidOf(access_token));
  });

  it('goes on from a backup: tokens of keys that the backup does not know are refused, sessions go on', async () => {
    const first = await replicas.start({ ...ES256, KEY_PUBLISH_AHEAD: '1' });
    const session = await logIn(first);
    await first.stop();
    const backup = await replicas.copy();
    const later = await replicas.start({ ...ES256, KEY_PUBLISH_AHEAD: '1' });
    await operateJson(['keys', 'rotate'], environment({ ...ES256, KEY_PUBLISH_AHEAD: '1' }));
    await eventually(async () => kidOf((await logIn(later)).access_token) !== kidOf(session.access_token));
    const lost = await logIn(later);
    const restored = await replicas.start({ ...ES256, DATABASE_URL: backup.url });
    expect(await statusOfMe(restored, lost.access_token)).toBe(401);
    expect(await statusOfMe(restored, session.access_token)).toBe(200);
    expect(await statusOfMe(restored, (await refresh(restored, session.refresh_token)).access_token)).toBe(
      200,
    );
    await restored.stop();
    await backup.drop();
  });
});

describe('a key that is revoked', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  let environment: Environment;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await replicas.start(ES256);
    environment = { ...replicas.environment, ...ES256 };
  });
  afterAll(() => replicas.end());

  const current = async (): Promise<string> => {
    const { keys } = await operateJson<{ keys: ListedKey[] }>(['keys', 'list'], environment);
    return keys.find(({ state }) => state === 'current')?.kid ?? '';
  };

  it('takes its tokens with it; a new key signs, and sessions go on', async () => {
    const session = await beginSession(auth, await newPerson(auth));
    const kid = await current();
    await operateJson(['keys', 'revoke', kid], environment);
    await eventually(async () => (await statusOfMe(auth, session.access_token)) === 401);
    const { body } = await request<{ keys: { kid: string }[] }>('GET', `${auth.url}/.well-known/jwks.json`);
    expect(body.keys.map((key) => key.kid)).toEqual([await current()]);
    const fresh = await refresh(auth, session.refresh_token);
    expect(await statusOfMe(auth, fresh.access_token)).toBe(200);
    const [row] = await replicas.query('select private_key from signing_keys where kid = $1', [kid]);
    expect(row).toEqual({ private_key: null });
    const again = await operate(['keys', 'revoke', kid], environment);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('revoked before') });
  });

  it('is not followed by the next at once without --force, as services may not fetch keys that often', async () => {
    const kid = await current();
    const refused = await operate(['keys', 'revoke', kid], environment);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
    expect(await current()).toBe(kid);
    expect((await operate(['keys', 'revoke', kid, '--force'], environment)).code).toBe(0);
    expect(await current()).not.toBe(kid);
  });

  it('gives way to the key that has been published already', async () => {
    const { kid: next } = await operateJson<{ kid: string }>(['keys', 'rotate'], environment);
    await operateJson(['keys', 'revoke', await current(), '--force'], environment);
    expect(await current()).toBe(next);
  });

  it('is on the record, as all that happens to keys', async () => {
    const rows = await replicas.query<{ event: string }>('select event from audit_events order by id');
    const revocation = ['key_created', 'key_revoked'];
    expect(rows.map(({ event }) => event).filter((event) => event.startsWith('key'))).toEqual([
      'key_created',
      ...[revocation, revocation, revocation].flat(),
    ]);
  });

  it.each([
    [['keys', 'revoke', 'nobody'], 1, 'There is no key nobody'],
    [['keys', 'revoke'], 2, "missing required argument 'kid'"],
    [['keys', 'burn'], 2, "unknown command 'burn'"],
    [['keys', 'list', '--yaml'], 2, "unknown option '--yaml'"],
  ])('%j ends with %i and says why on standard error', async (args, code, words) => {
    const result = await operate(args, environment);
    expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(words) });
  });

  it.each([['--help'], ['keys', '--help'], ['keys', 'revoke', '--help']])(
    '%s %s explains itself',
    async (...args) => {
      const { code, stdout } = await operate(args, {});
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Usage: auth') });
    },
  );
});

describe('authorization server metadata (RFC 8414)', () => {
  it('names the issuer to the byte and where the keys are', async () => {
    const replicas = await AuthReplicas.prepare();
    const auth = await replicas.start({ ...ES256, JWT_ISSUER: 'https://auth.example.org' });
    const { status, body } = await request('GET', `${auth.url}/.well-known/oauth-authorization-server`);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        issuer: 'https://auth.example.org',
        jwks_uri: 'https://auth.example.org/.well-known/jwks.json',
        response_types_supported: [],
      },
    });
    await replicas.end();
  });
});

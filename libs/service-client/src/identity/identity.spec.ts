import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JWT_BEARER, type ClientIdentity } from './client-identity.js';
import { readIdentity } from './read-identity.js';

const ISSUER = 'https://auth.example.com';
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ed = generateKeyPairSync('ed25519').privateKey;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

async function proofOf(identity: ClientIdentity | undefined) {
  const [form, headers] = [new URLSearchParams(), new Headers()];
  await identity?.authenticate(form, headers);
  return { form: Object.fromEntries(form), authorization: headers.get('authorization') };
}

describe("a service's own identity", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'identity-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const read = (environment: Record<string, string>, options = {}) =>
    readIdentity(options, ISSUER, environment);

  it('is a secret, form-encoded before it is put together', async () => {
    const { authorization } = await proofOf(read({ CLIENT_ID: 'reports', CLIENT_SECRET: 'a:b+c' }));
    expect(authorization).toBe(`Basic ${Buffer.from('reports:a%3Ab%2Bc').toString('base64')}`);
  });

  it.each([
    ['ES256', ec, JSON.stringify({ ...ec.export({ format: 'jwk' }), kid: 'k1' }), 'k1'],
    ['ES256', ec, ec.export({ type: 'pkcs8', format: 'pem' }), undefined],
    ['EdDSA', ed, ed.export({ type: 'pkcs8', format: 'pem' }), undefined],
    ['RS256', rsa, rsa.export({ type: 'pkcs8', format: 'pem' }), undefined],
    ['PS256', rsa, JSON.stringify({ ...rsa.export({ format: 'jwk' }), alg: 'PS256' }), undefined],
  ])('is a private key that signs with %s, anew for each request', async (alg, key, text, kid) => {
    const identity = read({ CLIENT_ID: 'reports', CLIENT_KEY_FILE: await file('key', text) });
    const [first, second] = [await proofOf(identity), await proofOf(identity)];
    const assertion = String(first.form['client_assertion']);
    const { payload } = await jwtVerify(assertion, createPublicKey(key), {
      issuer: 'reports',
      subject: 'reports',
      audience: ISSUER,
      algorithms: [alg],
    });
    expect(Number(payload.exp) - Number(payload.iat)).toBeLessThanOrEqual(60);
    expect(decodeProtectedHeader(assertion).kid).toBe(kid);
    expect(first.form['client_assertion_type']).toBe(JWT_BEARER);
    expect(second.form['client_assertion']).not.toBe(assertion);
  });

  it('is a token in a file that the cluster renews', async () => {
    const path = await file('token', 'first\n');
    const identity = read({ CLIENT_ID: 'reports', CLIENT_ASSERTION_FILE: path });
    expect((await proofOf(identity)).form).toMatchObject({ client_id: 'reports', client_assertion: 'first' });
    await file('token', 'second\n');
    expect((await proofOf(identity)).form).toMatchObject({ client_assertion: 'second' });
  });

  it('may be given in code, and may be none', () => {
    expect(read({}, { clientId: 'reports', clientSecret: 'x' })?.clientId).toBe('reports');
    expect(read({ CLIENT_ID: 'reports', CLIENT_SECRET: '' })).toBeUndefined();
  });

  it.each([
    ['two of them', { CLIENT_ID: 'a1', CLIENT_SECRET: 'x', CLIENT_KEY_FILE: 'y' }, 'Only one of'],
    ['without a name', { CLIENT_SECRET: 'x' }, 'CLIENT_ID'],
    ['with a name that auth cannot know', { CLIENT_ID: 'My Service', CLIENT_SECRET: 'x' }, 'CLIENT_ID'],
    ['whose key is not there', { CLIENT_ID: 'a1', CLIENT_KEY_FILE: '/nowhere' }, 'CLIENT_KEY_FILE'],
  ])('%s stops the start with the name of the variable', (_, environment, message) => {
    expect(() => read(environment as unknown as Record<string, string>)).toThrow(message);
  });

  it('never shows what is in a file that is no key', async () => {
    const path = await file('bad', '{"d":"very secret"');
    const fault = () => read({ CLIENT_ID: 'reports', CLIENT_KEY_FILE: path });
    expect(fault).toThrow('CLIENT_KEY_FILE cannot be used: it is no private key');
    expect(fault).not.toThrow('very secret');
  });
});

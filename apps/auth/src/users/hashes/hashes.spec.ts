import { describe, expect, it } from '@jest/globals';
import { hash as argon2Hash } from '@node-rs/argon2';
import { hash as bcryptHash } from '@node-rs/bcrypt';
import { hash as digest, pbkdf2Sync, scryptSync } from 'node:crypto';
import { isOurs, readHash, usableHash } from './hashes.js';
import { UnusableHash } from './password-hash.js';

const PASSWORD = 'correct horse bättery staple';

/** Of `PASSWORD`, made by Django 5.2.17, passlib 1.7.4, argon2-cffi 25.1, bcrypt 5.0 (Python) and libxcrypt. */
const VECTORS = {
  'Django pbkdf2_sha256':
    'pbkdf2_sha256$1000000$uz3kohksWdTw4vUyPFSWeG$1A43Zj7ziAP8uYFUNbdLi+HVrYNuBikcRMxr/5uRfIA=',
  'Django pbkdf2_sha1': 'pbkdf2_sha1$1000000$mI4HmlCO3ySPtTseRkdnfc$64XnEIjhOUKUGPiz3uWt+c5tx4c=',
  'Django argon2':
    'argon2$argon2id$v=19$m=102400,t=2,p=8$WlVlMDRSZkJwcExCOHZaWDZtUVI1VQ$L7fL6RP+u0gEvgdTIGTk4kwxdVLm8CD3hyMPchrw4v0',
  'Django bcrypt_sha256': 'bcrypt_sha256$$2b$12$C0BzkKv5EoG9cIS5pz1hW.PdIFD6jml2QQiaqyf4BnRku.bnhGXm2',
  'Django bcrypt': 'bcrypt$$2b$12$u/vkbiftQXfnb6/WyA5muu1rWDBGSKUhsgwbkPVHWI0xyFSxDnhWS',
  'Django scrypt':
    'scrypt$16384$ppRDRQdV4G13ZIM2in3Me2$8$5$DEEvDKvAnbFbl6yRGN8IF6flFFv47Loy+A1kS3shmeqeG1dLfL8EVMbRIVDyY51FbCw9+3VWW6K4GwidIW8jcQ==',
  'bcrypt $2a': '$2a$05$dKsOhm4.dLidocvAUw63q.OBB/7IrF57XkRi1nM6SBOC417BOKeNW',
  'bcrypt $2b': '$2b$05$PHwbAM7s0D5IJ8kFxmZAgeNDKyj2uDdCZ0l6VVghfnv8kGMMZxnr.',
  'bcrypt $2y': '$2y$05$SUJ081T5fA1S6tgxfPmOMeGrh08J.hQ3O5vHs6JXvnWEpK723VWB2',
  'argon2id PHC':
    '$argon2id$v=19$m=8192,t=2,p=2$ZT9B61UbycXehP9S5Pz4PA$0drOY8sc90noUkSZtjqR14NaDbeDC1FOo4akCO38q98',
  'argon2i PHC':
    '$argon2i$v=19$m=8192,t=2,p=2$eoeFmXlk1eOhSsFmcphvAg$aozvPNzDHpF3lnLwUlKlnnIsj4bbkg6wBtLoiro14GA',
  'argon2d PHC':
    '$argon2d$v=19$m=8192,t=2,p=2$DG+04qSkJdAWHGUC1ZxkjA$kNyVK1/h1/i6cJt5o9eyB0vKXqL9t+n5gTPptZ8KYSQ',
  'scrypt PHC': '$scrypt$ln=14,r=8,p=1$GcO4V+pday3lvFdKKSVEaA$CFRWb/9NnaPPqy46Q5HZ1s39QBEMicwQJjnLunbVULE',
  'PBKDF2-SHA-1 of passlib': '$pbkdf2$131000$pDTmvFeKEUJIydlb650zhg$h7VJ/SkxExemgtFlREXoQYy1IIY',
  'PBKDF2-SHA-256 of passlib':
    '$pbkdf2-sha256$29000$1br3nrNWam0txVhrzXnvPQ$biKXGgmDJ7JqzzqD4acBLl9NxxOm78Ka4lXcTlWVei4',
  'PBKDF2-SHA-256 PHC':
    '$pbkdf2-sha256$i=29000,l=32$1br3nrNWam0txVhrzXnvPQ$biKXGgmDJ7JqzzqD4acBLl9NxxOm78Ka4lXcTlWVei4',
  'PBKDF2-SHA-512 of passlib':
    '$pbkdf2-sha512$25000$jxGCsLY2xvifc65VytmbMw$9z.wgue2fcHAW4j7PX1Cm0GK7MB5bPfYjDtyd8a.y8Of2JYOz.GjQxWblDoeSsnXizJrq0Nad20M9q5WpKeOtg',
  'PHPass $P$': '$P$By32ijVsmIUxS3y5pCWfWJ8LC05xdM.',
  'PHPass $H$': '$H$9l0AK5urtCZZLcc260pPw.fSXcXgEK.',
};

const sha256 = (text: string) => digest('sha256', text);

const SALT = 'AAAAAAAAAAAAAAAAAAAAAA';
const KEY = 'A'.repeat(43);

describe('hashes of other systems', () => {
  it.each(Object.entries(VECTORS))('%s lets in the right password, and no other', async (_, text) => {
    const passwordHash = readHash(text);
    expect(await passwordHash.verify(PASSWORD)).toBe(true);
    expect(await passwordHash.verify(`${PASSWORD} `)).toBe(false);
    expect(await passwordHash.verify('')).toBe(false);
  });

  it('bcrypt lets in no password of which it sees a part: any other end of it would be as right', async () => {
    const ofLong = readHash('$2b$05$6eqOf6.1ZVaPV71.kvyaVuAEypOjQdjdw04vGeOpR.GLyJe85enh.');
    expect(await ofLong.verify('x'.repeat(80))).toBe(false);
    expect(await ofLong.verify(`${'x'.repeat(72)} and something else`)).toBe(false);
    expect(await ofLong.verify('x'.repeat(71))).toBe(false);
    expect(await ofLong.verify('x'.repeat(72))).toBe(true);
    const ofCharacters = readHash(await bcryptHash('é'.repeat(37), 4));
    expect(await ofCharacters.verify('é'.repeat(37))).toBe(false);
    const hashedBefore = readHash(`bcrypt_sha256$${await bcryptHash(sha256('x'.repeat(80)), 4)}`);
    expect(await hashedBefore.verify('x'.repeat(80))).toBe(true);
    expect(await hashedBefore.verify(`${'x'.repeat(79)}y`)).toBe(false);
  });

  it.each([
    ['bcrypt', async () => bcryptHash('abc', 4)],
    [
      'PBKDF2',
      async () => `pbkdf2_sha256$10$salt$${pbkdf2Sync('abc', 'salt', 10, 32, 'sha256').toString('base64')}`,
    ],
    [
      'scrypt',
      async () =>
        `scrypt$16$salt$1$1$${scryptSync('abc', 'salt', 32, { N: 16, r: 1, p: 1 }).toString('base64')}`,
    ],
  ])('%s tells no password from one with NULs behind it, so that those are refused', async (_, make) => {
    const passwordHash = readHash(await make());
    expect(await passwordHash.verify('abc')).toBe(true);
    for (const alias of ['abc\0', 'abc\0abc', 'abc\0\0'])
      expect(await passwordHash.verify(alias)).toBe(false);
  });

  it.each([
    ['argon2 with 4 GiB', `$argon2id$v=19$m=4194304,t=1,p=1$${SALT}$${KEY}`],
    ['argon2 with a thousand passes', `$argon2id$v=19$m=65536,t=1000,p=1$${SALT}$${KEY}`],
    ['argon2 with 255 lanes', `$argon2id$v=19$m=65536,t=1,p=255$${SALT}$${KEY}`],
    ['Django argon2 with 1 GiB', `argon2$argon2id$v=19$m=1048576,t=1,p=1$${SALT}$${KEY}`],
    ['bcrypt with cost 31', `$2b$31$${'a'.repeat(53)}`],
    ['Django bcrypt_sha256 with cost 20', `bcrypt_sha256$$2b$20$${'a'.repeat(53)}`],
    ['pbkdf2 with a billion iterations', `pbkdf2_sha256$999999999$salt$${KEY}=`],
    ['pbkdf2 with many blocks', `$pbkdf2$2000000$${SALT}$${'A'.repeat(86)}`],
    ['pbkdf2 without iterations', `pbkdf2_sha256$0$salt$${KEY}=`],
    ['scrypt with 2 GiB', `scrypt$2097152$salt$8$1$${KEY}=`],
    ['scrypt with ln=63', `$scrypt$ln=63,r=8,p=1$${SALT}$${KEY}`],
    ['scrypt with a thousand lanes', `$scrypt$ln=14,r=8,p=1000$${SALT}$${KEY}`],
    ['PHPass with 2^30 rounds', `$P$S${'a'.repeat(30)}`],
  ])('%s is refused unseen: a row cannot ask for minutes or gigabytes', (_, text) => {
    expect(() => readHash(text)).toThrow(
      new UnusableHash('asks for more work or memory than a login may cost'),
    );
    expect(usableHash(text)).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['plain text', 'hunter2'],
    ['unsalted MD5', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['Django md5', 'md5$salt$5f4dcc3b5aa765d61d8327deb882cf99'],
    ['a bcrypt cut short', '$2b$05$dKsOhm4.dLidocvAUw63q.OBB'],
    ['the broken bcrypt $2x', '$2x$05$dKsOhm4.dLidocvAUw63q.OBB/7IrF57XkRi1nM6SBOC417BOKeNW'],
    ['a hash and more', `${VECTORS['bcrypt $2b']}\n`],
    ['a key of no bytes', 'pbkdf2_sha256$1000$salt$'],
    ['a novel', `pbkdf2_sha256$1000$${'s'.repeat(600)}$${KEY}=`],
  ])('%s is of no kind that is known', (_, text) => {
    expect(() => readHash(text)).toThrow(new UnusableHash('is of no kind that is known'));
  });

  it('scrypt whose N is no power of two is refused', () => {
    expect(() => readHash(`scrypt$16385$salt$8$1$${KEY}=`)).toThrow(UnusableHash);
  });

  it("Django's mark of an account without a password is refused by name", () => {
    expect(() => readHash(`!${'a'.repeat(40)}`)).toThrow('without a password');
  });

  it('tells those that we make from the others', async () => {
    expect(isOurs(await argon2Hash(PASSWORD))).toBe(true);
    const others = Object.entries(VECTORS).filter(([name]) => name !== 'argon2id PHC');
    expect(others.filter(([, text]) => isOurs(text))).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PASSWORD } from '../support/deployment.js';
import { authUserDump } from '../support/django.js';
import { readMetrics } from '../support/metrics.js';
import { operate, operateJson } from '../support/operator.js';
import { runCommand, type RunningService } from '../support/service.js';
import { AuthReplicas, beginSession, eventually, newPerson } from '../support/sessions.js';

interface Counts {
  imported: number;
  unchanged: number;
  rejected: number;
}

const OURS = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;
/** Hashes of `LEGACY_PASSWORD`, by Django 5.2.17, passlib 1.7.4 and libxcrypt. */
const LEGACY_PASSWORD = 'correct horse bättery staple';
const LEGACY = {
  'django-argon2':
    'argon2$argon2id$v=19$m=102400,t=2,p=8$WlVlMDRSZkJwcExCOHZaWDZtUVI1VQ$L7fL6RP+u0gEvgdTIGTk4kwxdVLm8CD3hyMPchrw4v0',
  'django-scrypt':
    'scrypt$16384$ppRDRQdV4G13ZIM2in3Me2$8$5$DEEvDKvAnbFbl6yRGN8IF6flFFv47Loy+A1kS3shmeqeG1dLfL8EVMbRIVDyY51FbCw9+3VWW6K4GwidIW8jcQ==',
  'django-bcrypt': 'bcrypt_sha256$$2b$12$C0BzkKv5EoG9cIS5pz1hW.PdIFD6jml2QQiaqyf4BnRku.bnhGXm2',
  php: '$2y$05$SUJ081T5fA1S6tgxfPmOMeGrh08J.hQ3O5vHs6JXvnWEpK723VWB2',
  wordpress: '$P$By32ijVsmIUxS3y5pCWfWJ8LC05xdM.',
  passlib: '$pbkdf2-sha256$29000$1br3nrNWam0txVhrzXnvPQ$biKXGgmDJ7JqzzqD4acBLl9NxxOm78Ka4lXcTlWVei4',
};

describe('users import', () => {
  let folder: string;
  let replicas: AuthReplicas;
  let auth: RunningService;
  let environment: Record<string, string>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signet-import-'));
    replicas = await AuthReplicas.prepare();
    environment = replicas.environment;
    auth = await replicas.start();
  });
  afterAll(async () => {
    await replicas.end();
    await rm(folder, { recursive: true });
  });

  let files = 0;
  const fileOf = async (content: string): Promise<string> => {
    const file = join(folder, `${++files}`);
    await writeFile(file, content);
    return file;
  };
  const jsonLines = (...rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const take = async (content: string, ...options: string[]) => {
    const { code, stdout, stderr } = await operate(
      ['users', 'import', await fileOf(content), '--json', ...options],
      environment,
    );
    return { code, counts: JSON.parse(stdout || 'null') as Counts | null, stderr };
  };
  const hashOf = async (email: string): Promise<string> => {
    const [row] = await replicas.query<{ password_hash: string }>(
      `select password_hash from users where email = $1`,
      [email],
    );
    return row?.password_hash ?? '';
  };
  /** A digest of everything in the database that an import could change. */
  const fingerprint = async (): Promise<string> => {
    const rows = await replicas.query(
      `select u.*, (select count(*) from audit_events) from users u order by id`,
    );
    return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  };

  it('failed logins are padded to the dearest hash that has come along, until the last such has been replaced', async () => {
    const padding = async (service: RunningService) =>
      (await readMetrics(service)).get('password_failures_padded_seconds') ?? -1;
    expect(await padding(auth)).toBe(0);
    const email = 'dearest@example.com';
    const cheap = { email: 'cheap@example.com', password_hash: LEGACY.wordpress };
    await take(jsonLines({ email, password_hash: LEGACY['django-bcrypt'] }, cheap));
    const padded = await replicas.start();
    await eventually(async () => (await padding(padded)) > 0);
    const seconds = await padding(padded);
    const began = performance.now();
    await expect(beginSession(padded, 'nobody-at-all@example.com')).rejects.toThrow('401');
    // At least: a timer may be a millisecond early.
    expect(performance.now() - began).toBeGreaterThan(seconds * 1000 - 2);
    await replicas.query(`delete from users where email = 'cheap@example.com'`);
    await beginSession(padded, email, { password: LEGACY_PASSWORD });
    const since = await replicas.start();
    await since.prints('ready');
    expect(await replicas.query(`select from users where password_hash not like '$argon2id$%'`)).toEqual([]);
    await beginSession(since, email, { password: LEGACY_PASSWORD });
    expect(await padding(since)).toBe(0);
    await replicas.query('delete from users where email = $1', [email]);
  });

  it('people come along from Django, log in with their passwords, and have our hashes from then on', async () => {
    const { csv, hashers } = authUserDump(PASSWORD);
    const dump = await take(csv);
    expect([dump.code, dump.counts]).toEqual([1, { imported: hashers.length, unchanged: 0, rejected: 2 }]);
    expect(dump.stderr).toContain(
      `line ${hashers.length + 2}: rejected: password_hash is the mark of an account`,
    );
    expect(dump.stderr).toContain(`line ${hashers.length + 3}: rejected: email is missing`);
    for (const hasher of hashers) {
      const email = `${hasher}@example.com`;
      expect(await hashOf(email)).toMatch(new RegExp(`^${hasher}\\$`));
      await expect(beginSession(auth, email, { password: `${PASSWORD}!` })).rejects.toThrow('401');
      expect(await hashOf(email)).toMatch(new RegExp(`^${hasher}\\$`));
      await beginSession(auth, email);
      expect(await hashOf(email)).toMatch(OURS);
      await beginSession(auth, email);
    }
    const again = await take(csv);
    expect(again.counts).toEqual({ imported: 0, unchanged: hashers.length, rejected: 2 });
  });

  it('people of other systems log in, three times at once, and are rehashed', async () => {
    const rows = Object.entries(LEGACY).map(([name, hash]) => ({
      email: `${name}@example.com`,
      password_hash: hash,
    }));
    expect((await take(jsonLines(...rows))).counts).toEqual({
      imported: rows.length,
      unchanged: 0,
      rejected: 0,
    });
    for (const { email } of rows) {
      const logins = Array.from({ length: 3 }, () =>
        beginSession(auth, email, { password: LEGACY_PASSWORD }),
      );
      expect(await Promise.all(logins)).toHaveLength(3);
      expect(await hashOf(email)).toMatch(OURS);
    }
  });

  it('keeps what a row says, and what it does not say is made', async () => {
    const id = randomUUID();
    const row = { email: ' Grace@Example.COM ', password_hash: LEGACY.php };
    const full = {
      ...row,
      id: id.toUpperCase(),
      email_verified: true,
      created_at: '2019-05-04 03:02:01.5+02',
    };
    const { code, counts } = await take(jsonLines(full, { ...row, email: 'plain@example.com' }));
    expect([code, counts]).toEqual([0, { imported: 2, unchanged: 0, rejected: 0 }]);
    const [grace, plain] = await replicas.query(
      `select * from users where email in ('grace@example.com', 'plain@example.com') order by email`,
    );
    expect(grace).toMatchObject({
      id,
      email_verified: true,
      created_at: new Date('2019-05-04T01:02:01.500Z'),
    });
    expect(grace).toMatchObject({ email: 'grace@example.com', password_hash: LEGACY.php });
    expect(plain).toMatchObject({ email_verified: false });
  });

  it('a second run changes nothing and says unchanged, for those too who have logged in since', async () => {
    const rows = ['a', 'b', 'c'].map((name) => ({
      id: randomUUID(),
      email: `again-${name}@example.com`,
      password_hash: LEGACY.passlib,
    }));
    expect((await take(jsonLines(...rows))).counts).toEqual({ imported: 3, unchanged: 0, rejected: 0 });
    await beginSession(auth, 'again-b@example.com', { password: LEGACY_PASSWORD });
    const second = await take(jsonLines(...rows));
    expect([second.code, second.counts]).toEqual([0, { imported: 0, unchanged: 3, rejected: 0 }]);
    expect(await hashOf('again-b@example.com')).toMatch(OURS);
  });

  it('never overwrites an account, nor brings one back that was deleted', async () => {
    const email = await newPerson(auth);
    const { access_token } = await beginSession(auth, email);
    const [person] = await replicas.query<{ id: string }>(`select id from users where email = $1`, [email]);
    const before = await hashOf(email);
    const row = { email, password_hash: LEGACY.php };
    const { code, stderr } = await take(
      jsonLines(
        row,
        { ...row, id: randomUUID() },
        { ...row, id: person?.id, email: 'other@example.com' },
        { ...row, created_at: '2020-01-01' },
        { ...row, password_hash: before, email_verified: true },
      ),
    );
    expect(code).toBe(1);
    expect(stderr.split('\n').slice(0, 5)).toEqual([
      'line 1: rejected: the account with this address has another password',
      'line 2: rejected: the account with this address has another id',
      'line 3: rejected: an account with this id has another address',
      'line 4: rejected: the account with this address has another created_at',
      'line 5: rejected: the address of this account is not verified',
    ]);
    expect(await hashOf(email)).toBe(before);
    await fetch(`${auth.url}/auth/me`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ password: PASSWORD }),
    });
    const revival = await take(jsonLines({ ...row, id: person?.id }));
    expect(revival.counts).toEqual({ imported: 0, unchanged: 0, rejected: 1 });
    expect(revival.stderr).toContain('line 1: rejected: the account with this id was deleted');
  });

  it('a dry run tells of every line what would become of it, and changes nothing', async () => {
    const before = await fingerprint();
    const rows = [
      'email,password_hash,nickname',
      `dry@example.com,${LEGACY.php},"one\nor two lines"`,
      `dry@example.com,${LEGACY.php},the same`,
      `dry@example.com,${LEGACY.wordpress},another`,
      `php@example.com`,
      `not an address,${LEGACY.php},x`,
    ];
    const { code, counts, stderr } = await take(rows.join('\r\n'), '--dry-run');
    expect([code, counts]).toEqual([1, { imported: 1, unchanged: 1, rejected: 3 }]);
    expect(stderr.split('\n').slice(0, 5)).toEqual([
      'line 2: would be imported',
      'line 4: unchanged',
      'line 5: rejected: the account with this address has another password',
      'line 6: rejected: the line has 1 columns; the header has 3',
      'line 7: rejected: email is not an e-mail address',
    ]);
    expect(await fingerprint()).toBe(before);
  });

  it('a hostile row is rejected alone; one that got into the table costs a login no more than any other', async () => {
    const evil = [
      '$argon2id$v=19$m=4194304,t=100,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      `$2b$31$${'a'.repeat(53)}`,
      'pbkdf2_sha256$999999999$salt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    ];
    const rows = evil.map((password_hash, i) => ({ email: `evil-${i}@example.com`, password_hash }));
    const { counts, stderr } = await take(
      `${jsonLines(...rows)}{"email":"${'x'.repeat(70_000)}"}\nnot json\n` +
        jsonLines({ email: 'nul\u0000@example.com', password_hash: LEGACY.php }) +
        jsonLines({ email: 'good@example.com', password_hash: LEGACY.php }),
    );
    expect(counts).toEqual({ imported: 1, unchanged: 0, rejected: 6 });
    expect(stderr).toContain(
      'line 1: rejected: password_hash asks for more work or memory than a login may cost',
    );
    expect(stderr).toContain('line 4: rejected: the line is longer than 65536 bytes');
    expect(stderr).toContain('line 5: rejected: the line is not a JSON object');
    for (const secret of evil) expect(stderr).not.toContain(secret);
    for (const { email, password_hash } of rows) {
      await replicas.query(`insert into users (email, password_hash) values ($1, $2)`, [
        email,
        password_hash,
      ]);
      await expect(beginSession(auth, email)).rejects.toThrow('login answered 401');
    }
  });

  it.each([
    ['lacks a column', 'email,password\na@example.com,x\n', 'the header has no column password_hash'],
    ['is a JSON array', '[{"email":"a@example.com"}]', 'the file begins with a JSON array'],
    ['never closes a quote', `email,password_hash\n"a@example.com,x\nb@example.com,y\n`, 'line 2: a quote'],
  ])('a file that %s ends the import with a reason', async (_, content, reason) => {
    const { code, counts, stderr } = await take(content);
    expect([code, counts]).toEqual([1, null]);
    expect(stderr).toContain(reason);
  });

  it('a file that is not there, or none, is told apart by the exit code', async () => {
    expect(await operate(['users', 'import', join(folder, 'none')], environment)).toMatchObject({ code: 1 });
    expect(await operate(['users', 'import'], environment)).toMatchObject({ code: 2, stdout: '' });
  });

  it('killed midway and run again, everybody is there once', async () => {
    const people = 40_000;
    const rows = Array.from({ length: people }, (_, i) => `many-${i}@example.com,${LEGACY.php}\n`);
    const file = await fileOf(`email,password_hash\n${rows.join('')}`);
    const { code } = await runCommand('auth', ['users', 'import', file], environment, (child) =>
      child.stderr.once('data', () => child.kill('SIGKILL')),
    );
    expect(code).toBeNull();
    const count = async () => {
      const [row] = await replicas.query<{ count: string }>(
        `select count(*) from users where email like 'many-%'`,
      );
      return Number(row?.count);
    };
    const before = await count();
    expect(before).toBeGreaterThanOrEqual(10_000);
    expect(before).toBeLessThan(people);
    const counts = await operateJson<Counts>(['users', 'import', file], environment);
    expect(counts).toEqual({ imported: people - before, unchanged: before, rejected: 0 });
    expect(await count()).toBe(people);
  });

  it('takes what users export gives, and that has hashes only if they are asked for', async () => {
    const bare = await operate(['users', 'export'], environment);
    expect(bare.stdout).not.toContain('$');
    const { code, stdout } = await operate(['users', 'export', '--with-hashes'], environment);
    const lines = stdout.trimEnd().split('\n');
    const [{ count } = { count: '0' }] = await replicas.query<{ count: string }>(
      `select count(*) from users`,
    );
    expect([code, lines.length]).toEqual([0, Number(count)]);
    const usable = lines.filter((line) => !line.includes('evil-'));
    const other = await AuthReplicas.prepare();
    const there = { ...environment, DATABASE_URL: other.database.url };
    const file = await fileOf(usable.join('\n'));
    expect(await operateJson(['users', 'import', file], there)).toMatchObject({ imported: usable.length });
    expect(await operateJson(['users', 'import', file], environment)).toMatchObject({
      unchanged: usable.length,
    });
    const copy = await operate(['users', 'export', '--with-hashes'], there);
    expect(copy.stdout.trimEnd().split('\n')).toEqual(usable);
    await other.database.drop();
  });
});

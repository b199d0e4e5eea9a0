import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, 'auth-user-dump.py');

/** Made by Django 3.2.25 with the program beside this, of the password `a long and quiet evening`. */
const RECORDED = `username,email,password_hash,created_at
pbkdf2_sha256,pbkdf2_sha256@Example.com,pbkdf2_sha256$260000$sW7fx8rJncgBDR2cPQAwJ8$S3EkG/mErkkLYH5b1xPLHFTk02pe1DEQ5XvjXiDlxWs=,2026-11-24 12:47:20.778348
pbkdf2_sha1,pbkdf2_sha1@Example.com,pbkdf2_sha1$260000$X7oH9WN2SjGdeCIbXUVKZG$CZ1YmJw8K1v9ze8pVp0OtA8kgJE=,2026-11-24 12:47:20.924436
bcrypt_sha256,bcrypt_sha256@Example.com,bcrypt_sha256$$2b$12$90mb/7Bn.vqWW6e.r2japusAZeLRBxIA/WAO.gIUvZbaZtlaCy/Pi,2026-11-24 12:47:21.691203
bcrypt,bcrypt@Example.com,bcrypt$$2b$12$qD/9FrKRTXGr6t8hPEiBEuujxLS8NaCKAA/QTMaVhtOOXvZ41PFcC,2026-11-24 12:47:22.362345
nobody,nobody@example.com,!tlO76FgUceS9O9zLWmAmVGnuLYQYPyfZZO1dwZdE,2026-11-24 12:47:22.365950
no mailbox,,pbkdf2_sha256$260000$QXznG9HuUsnJNNfhG3ejII$oV01XUCBQy9jq98h+H0yKxYksTrDJoJJBBz4QdyaWlU=,2026-11-24 12:47:22.366154
`;

/** The `auth_user` table of a real Django, as CSV; all but the last two people have the password and a mailbox. */
export function authUserDump(password: string): { csv: string; hashers: string[] } {
  const csv = ['/usr/bin/python3', 'python3']
    .map((python) => spawnSync(python, [PROGRAM, password], { encoding: 'utf8' }))
    .find(({ status }) => status === 0)?.stdout;
  if (csv === undefined)
    process.stderr.write('no Python with Django here: a recorded dump stands in for it\n');
  const dump = csv ?? RECORDED;
  const hashers = dump.split('\n').flatMap((line) => /^(\w+),\1@/.exec(line)?.[1] ?? []);
  return { csv: dump, hashers: hashers.filter((name) => name !== 'nobody') };
}

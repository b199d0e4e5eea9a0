import { isUUID } from 'class-validator';
import { readHash } from '../hashes/hashes.js';
import { UnusableHash } from '../hashes/password-hash.js';
import { isEmailAddress, normaliseEmail } from '../email-address.js';

/** A person as a file describes them; what it does not say is undefined. */
export interface ImportedUser {
  readonly id: string | undefined;
  readonly email: string;
  readonly passwordHash: string;
  readonly emailVerified: boolean;
  readonly createdAt: Date | undefined;
}

/** Why a row is not taken. The message never repeats what the row says. */
export class RejectedRow extends Error {}

const YES = /^(true|t|yes|1)$/i;
const NO = /^(false|f|no|0)$/i;
/** ISO 8601, with the blank and the short offset that PostgreSQL and Django write; without an offset it is UTC. */
const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/** @throws {RejectedRow} */
export function readUser(values: Readonly<Record<string, unknown>>): ImportedUser {
  const { id, email, password_hash, email_verified, created_at } = values;
  return {
    id: readId(id),
    email: readEmail(email),
    passwordHash: readPasswordHash(password_hash),
    emailVerified: readFlag(email_verified),
    createdAt: readTime(created_at),
  };
}

function isAbsent(value: unknown): value is undefined | null | '' {
  return value === undefined || value === null || value === '';
}

/** Ids are UUIDs here; other systems' numbers would have to be made into UUIDs by somebody who keeps the mapping. */
function readId(value: unknown): string | undefined {
  if (isAbsent(value)) return undefined;
  if (typeof value === 'string' && isUUID(value)) return value.toLowerCase();
  throw new RejectedRow('id is not a UUID; leave the column out, and a new one is made');
}

function readEmail(value: unknown): string {
  if (isAbsent(value)) throw new RejectedRow('email is missing');
  const email = normaliseEmail(value);
  if (typeof email === 'string' && isEmailAddress(email)) return email;
  throw new RejectedRow('email is not an e-mail address');
}

function readPasswordHash(value: unknown): string {
  if (isAbsent(value)) throw new RejectedRow('password_hash is missing');
  if (typeof value !== 'string') throw new RejectedRow('password_hash is not a string');
  try {
    readHash(value);
    return value;
  } catch (error) {
    if (error instanceof UnusableHash) throw new RejectedRow(`password_hash ${error.message}`);
    throw error;
  }
}

function readFlag(value: unknown): boolean {
  if (isAbsent(value)) return false;
  const word = typeof value === 'string' ? value : JSON.stringify(value);
  if (YES.test(word)) return true;
  if (NO.test(word)) return false;
  throw new RejectedRow('email_verified is neither true nor false');
}

function readTime(value: unknown): Date | undefined {
  if (isAbsent(value)) return undefined;
  const [, date, time = '00:00', offset = 'Z'] = (typeof value === 'string' && TIME.exec(value)) || [];
  if (date === undefined) throw new RejectedRow('created_at is not a time as in 2026-01-31T12:00:00Z');
  const colon = offset.replace(
    /^([+-]\d\d):?(\d\d)?$/,
    (_, hours: string, minutes = '00') => `${hours}:${minutes}`,
  );
  const instant = new Date(`${date}T${time}${colon.toUpperCase()}`);
  if (Number.isNaN(instant.getTime()) || !isDate(date))
    throw new RejectedRow('created_at is no time that there is');
  if (instant.getTime() > Date.now()) throw new RejectedRow('created_at lies in the future');
  return instant;
}

/** `Date` takes the 31st of every month. */
function isDate(date: string): boolean {
  return new Date(`${date}T00:00Z`).toISOString().startsWith(date);
}

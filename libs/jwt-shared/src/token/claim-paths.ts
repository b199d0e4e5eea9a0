import { isObject } from '../jose/strict-json.js';
import type { ClaimPath } from './verifier-options.js';

type Payload = Readonly<Record<string, unknown>>;

const NONE: readonly string[] = Object.freeze([]);

/** Roles as our own profiles have them: a list of names at `roles`. */
export function ownRoles({ roles }: Payload): readonly string[] | undefined {
  return roles === undefined ? NONE : namesOf(roles);
}

/** Scopes as our own profiles have them: a text at `scope` (RFC 8693 §4.2). */
export function ownScope({ scope = '' }: Payload): string | undefined {
  return typeof scope === 'string' ? scope : undefined;
}

/** Names of roles at a path, none where there is nothing; `undefined` for anything but names. */
export function rolesAt(payload: Payload, path: ClaimPath): readonly string[] | undefined {
  const value = valueAt(payload, path);
  if (value === undefined) return NONE;
  if (Array.isArray(value)) return namesOf(value);
  // Zitadel: each role is a member, whose value says by which organisations it was granted.
  return isObject(value) && Object.values(value).every(isObject) ? namesOf(Object.keys(value)) : undefined;
}

/** Scopes at a path with blanks between them; `undefined` for anything but scopes. */
export function scopeAt(payload: Payload, path: ClaimPath): string | undefined {
  const value = valueAt(payload, path);
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  const names = namesOf(value);
  // A name with a blank would become two.
  return names?.some((name) => name.includes(' ')) ? undefined : names?.join(' ');
}

function valueAt(payload: Payload, path: ClaimPath): unknown {
  if (typeof path === 'string' && Object.hasOwn(payload, path)) return payload[path];
  let value: unknown = payload;
  for (const name of typeof path === 'string' ? path.split('.') : path) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** A list of texts; `undefined` for anything else. */
export function namesOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
    ? Object.freeze(value)
    : undefined;
}

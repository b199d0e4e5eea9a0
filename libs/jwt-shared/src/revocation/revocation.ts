import { isObject } from '../jose/strict-json.js';

/** When a revocation may be forgotten, as the last token that it concerns has expired by itself. */
interface Life {
  /** Seconds since the epoch. */
  readonly until: number;
  /** Seconds that remained, by the database's clock, when it was sent; an older auth does not say. */
  readonly for?: number | undefined;
}

/** Concerns tokens whose `iat` is earlier than `before`. */
interface CutOff extends Life {
  readonly before: number;
}

/** Tokens that end before their time. */
export type Revocation =
  /** Every token of a session (`sid`). */
  | (Life & { readonly kind: 'session'; readonly id: string })
  /** Every token that the key with this `kid` has signed. */
  | (Life & { readonly kind: 'key'; readonly id: string })
  /** A user's (`sub`) tokens from before the cut-off. */
  | (CutOff & { readonly kind: 'user'; readonly id: string })
  /** Tokens from before the cut-off that a client holds for itself (`client_id`), or acts with (`act`). */
  | (CutOff & { readonly kind: 'client'; readonly id: string })
  /** A user's tokens from before the cut-off are stale: 401 `TOKEN_STALE`, and a refresh brings a good one. */
  | (CutOff & { readonly kind: 'stale-user'; readonly id: string })
  /** The same of every token that has this role in `roles`. */
  | (CutOff & { readonly kind: 'stale-role'; readonly id: string })
  /** One token (`jti`) of a client. It was issued just before `before`, by which older versions refuse it. */
  | (CutOff & { readonly kind: 'token'; readonly id: string; readonly client: string });

export type RevocationKind = Revocation['kind'];

/** All kinds that this version knows; a follower names them to auth, which sends no others. */
export const REVOCATION_KINDS = [
  'session',
  'user',
  'key',
  'client',
  'stale-user',
  'stale-role',
  'token',
] as const;

const WITHOUT_CUT_OFF: readonly unknown[] = ['session', 'key'] satisfies RevocationKind[];
const MAX_ID_LENGTH = 255;

/**
 * Reads what the feed of auth says. A kind that is not known is passed over: auth sends only those that were asked
 * for, or what comes closest to them. Of a known kind nothing may be wrong.
 *
 * @throws {TypeError} for anything but a list of revocations
 */
export function parseRevocations(json: string): readonly Revocation[] {
  const message: unknown = JSON.parse(json);
  const list: unknown = isObject(message) ? message['revocations'] : undefined;
  if (!Array.isArray(list)) throw new TypeError('not a list of revocations');
  return list.filter((item) => {
    if (!isObject(item) || typeof item['kind'] !== 'string') throw new TypeError('not a revocation');
    return isKnown(item['kind']) && assertRevocation(item);
  }) as Revocation[];
}

function isKnown(kind: string): boolean {
  return REVOCATION_KINDS.some((known) => known === kind);
}

function assertRevocation(said: Record<string, unknown>): true {
  const { kind, id, client, before, until, for: remaining = 0 } = said;
  const isNamed = isId(id) && (kind !== 'token' || isId(client));
  const isDated = WITHOUT_CUT_OFF.includes(kind) || Number.isFinite(before);
  if (isNamed && isDated && Number.isFinite(until) && Number.isFinite(remaining)) return true;
  throw new TypeError(`not a revocation of kind ${String(kind)}`);
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= MAX_ID_LENGTH;
}

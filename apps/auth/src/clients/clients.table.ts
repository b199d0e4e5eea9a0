import { bytea } from '@signet/service-kit';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';
import type { ClientGrant } from './client-grant.js';
import type { PublicClientKey } from './public-client-key.js';

const time = (name: string) => timestamp(name, { withTimezone: true });

/**
 * Services that call others: OAuth clients. One row holds all that a token request needs, so that it is read in one
 * round trip. Issuing a token changes no indexed column (a HOT update).
 */
export const clients = pgTable(
  'clients',
  {
    /** `client_id`; never the shape of a user's id (see `client-id.ts`). */
    id: text().primaryKey(),
    /** The audiences that the client may ask tokens for, each with the most that those may allow. */
    grants: jsonb().$type<readonly ClientGrant[]>().notNull(),
    /** Whether it may exchange a user's token for one of its own (RFC 8693). */
    onBehalfOfUsers: boolean('on_behalf_of_users').notNull().default(false),
    /** HMAC of the secret; the previous one is good until `previousSecretUntil`, while the secret is being rotated. */
    secretHash: bytea('secret_hash'),
    previousSecretHash: bytea('previous_secret_hash'),
    previousSecretUntil: time('previous_secret_until'),
    /** For `private_key_jwt`: one public key, or the URL of a JWK set. */
    publicKey: jsonb('public_key').$type<PublicClientKey>(),
    jwksUrl: text('jwks_url'),
    /** `namespace/name` of the Kubernetes service account whose projected tokens identify the client. */
    serviceAccount: text('service_account').unique(),
    disabledAt: time('disabled_at'),
    /** Tokens of the client that were issued earlier than this second are revoked, and none is issued before it. */
    tokensFrom: bigint('tokens_from', { mode: 'number' }).notNull().default(0),
    /** How many tokens were issued in the minute that began at `windowFrom`: the client's rate limit. */
    windowFrom: time('window_from').notNull().defaultNow(),
    windowTokens: integer('window_tokens').notNull().default(0),
    lastTokenAt: time('last_token_at'),
    createdAt: time('created_at').notNull().defaultNow(),
  },
  (table) => [
    check('clients_id', sql`${table.id} ~ '^[a-z][a-z0-9-]{1,62}$'`),
    check(
      'clients_one_credential',
      sql`num_nonnulls(${table.secretHash}, ${table.publicKey}, ${table.jwksUrl}, ${table.serviceAccount}) = 1`,
    ),
  ],
);

/** Assertions that were shown: each is good once, at all replicas together (RFC 7523 §3, `jti`). */
export const usedAssertions = pgTable(
  'used_assertions',
  {
    /** No foreign key: a client that is removed and added again must not have its assertions good once more. */
    clientId: text('client_id').notNull(),
    /** SHA-256 of the `jti`, which may be long. */
    idHash: bytea('id_hash').notNull(),
    /** When no verifier would accept the assertion any more. */
    expiresAt: time('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.clientId, table.idHash] }),
    index('used_assertions_to_remove').on(table.expiresAt),
  ],
);

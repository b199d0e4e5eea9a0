import { JWT_ALGORITHMS, type AsymmetricAlgorithm } from '@signet/jwt-shared';
import { sql } from 'drizzle-orm';
import { check, index, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { bytea } from '@signet/service-kit';
import type { PublicJwk } from './public-jwk.js';

const ALGORITHMS = JWT_ALGORITHMS.filter((name): name is AsymmetricAlgorithm => name !== 'HS256');
const at = (name: string) => timestamp(name, { withTimezone: true });

/** The keys that access tokens are signed with. What a key is good for follows from the times: `stateOf`. */
export const signingKeys = pgTable(
  'signing_keys',
  {
    /** RFC 7638 thumbprint, so that no two keys share one. */
    kid: text().primaryKey(),
    algorithm: text({ enum: ALGORITHMS as [AsymmetricAlgorithm, ...AsymmetricAlgorithm[]] }).notNull(),
    publicJwk: jsonb('public_jwk').$type<PublicJwk>().notNull(),
    /** PKCS #8, sealed with `KEY_ENCRYPTION_KEY`; taken away when the key is revoked. */
    privateKey: bytea('private_key'),
    /** Published from then on. */
    createdAt: at('created_at').notNull(),
    signsFrom: at('signs_from').notNull(),
    /** When the next key takes over. */
    signsUntil: at('signs_until').notNull(),
    /** When the last token that it signed has expired. */
    expiresAt: at('expires_at').notNull(),
    revokedAt: at('revoked_at'),
  },
  (table) => [
    index('signing_keys_in_order').on(table.algorithm, table.signsFrom),
    check('signing_keys_private', sql`(${table.privateKey} is null) = (${table.revokedAt} is not null)`),
  ],
);

export type SigningKeyRow = typeof signingKeys.$inferSelect;

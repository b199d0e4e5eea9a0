import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** What can happen to accounts and keys that somebody may have to explain later. */
export const AUDIT_EVENTS = [
  'registered',
  'login',
  'logout',
  'session_ended',
  'other_sessions_ended',
  'refresh_token_reused',
  'refresh_token_ahead',
  'password_changed',
  'password_reset_requested',
  'password_reset',
  'email_verification_requested',
  'email_verified',
  'email_change_requested',
  'email_changed',
  'account_exported',
  'account_deleted',
  'account_disabled',
  'account_enabled',
  'account_invited',
  'sessions_ended',
  'user_roles_changed',
  'role_changed',
  'role_removed',
  'key_created',
  'key_revoked',
  'keys_reencrypted',
  'client_added',
  'client_changed',
  'client_secret_rotated',
  'client_disabled',
  'client_enabled',
  'client_removed',
  'client_authentication',
  'token_exchanged',
  'users_imported',
  'users_exported',
] as const;

/**
 * How it went; `session_ended` is what a refresh token that was used twice comes to, `begun` what takes a while and
 * may be cut off.
 */
export const AUDIT_OUTCOMES = ['ok', 'failed', 'session_ended', 'begun'] as const;

/** The append-only record of security events. Rows are added, and never changed. */
export const auditEvents = pgTable(
  'audit_events',
  {
    /** UUIDv7, so that the order of ids is the order of events. */
    id: uuid()
      .primaryKey()
      .default(sql`uuidv7()`),
    time: timestamp({ withTimezone: true }).notNull().defaultNow(),
    event: text({ enum: AUDIT_EVENTS }).notNull(),
    outcome: text({ enum: AUDIT_OUTCOMES }).notNull(),
    /** What it was about, where that is neither a person nor a session: the `kid` of a key, the counts of an import. */
    subject: text(),
    /** No foreign keys: the record outlives the account and the session. */
    userId: uuid('user_id'),
    /** Who did it, where that is not the person concerned: the id of an administrator, or `operator`. */
    doer: text(),
    sessionId: uuid('session_id'),
    address: text(),
    userAgent: text('user_agent'),
  },
  (table) => [
    index('audit_events_of_user').on(table.userId, table.id),
    index('audit_events_by_time').on(table.time),
  ],
);

/**
 * Failed logins to addresses that no account has, counted by network: anyone can make any number of them. The first of a
 * network is recorded as an event at once, the others as one event in the end.
 */
export const unknownLogins = pgTable(
  'unknown_logins',
  {
    /** As `siteOf` gives it. */
    network: text().primaryKey(),
    attempts: integer().notNull().default(1),
    since: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index('unknown_logins_to_record').on(table.since)],
);

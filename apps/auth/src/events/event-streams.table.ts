import { sql } from 'drizzle-orm';
import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** Who is told of account events: one stream a client, from when the client is given the scope `events`. */
export const eventStreams = pgTable('event_streams', {
  clientId: text('client_id').primaryKey(),
  /** `stream_id`; another one when a stream is made again. */
  id: uuid()
    .notNull()
    .unique()
    .default(sql`gen_random_uuid()`),
  /** URIs of event types; null: every type. */
  eventsRequested: text('events_requested').array(),
  description: text(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  /** Some seconds behind, so that not every poll writes. */
  polledAt: timestamp('polled_at', { withTimezone: true }),
  /** When the receiver last asked for a verification event. */
  verificationAskedAt: timestamp('verification_asked_at', { withTimezone: true }),
});

import { DatabaseConnection } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { ownCutOff } from '../../revocation/cut-off.js';
import type { AuthenticatedClient } from '../authentication/client-authentication.service.js';
import type { ClientGrant } from '../client-grant.js';

/** A token that may be issued. */
export interface Issuance {
  /** `iat`: whole seconds by the clock of the database. */
  readonly issuedAt: number;
  /** Seconds until a token of the client would not be revoked at once; zero or less: none. */
  readonly wait: number;
  /** How many were issued to the client in this minute, this one included. */
  readonly count: number;
  /** Seconds until the next minute. */
  readonly resetSeconds: number;
}

/** What an exchanged token stands on: all of it must hold in the moment of the exchange. */
export interface ExchangeSubject {
  readonly userId: string;
  readonly sessionId: string;
  readonly issuedAt: number;
  readonly roles: readonly string[];
  readonly tokenId: string | undefined;
  /** Of the key that signed the subject token. */
  readonly kid: string | undefined;
  /** The clients in its `act`. */
  readonly actors: readonly string[];
}

const COUNT = `
  set window_from = case when c.window_from > now() - interval '1 minute' then c.window_from else now() end,
    window_tokens = case when c.window_from > now() - interval '1 minute' then c.window_tokens + 1 else 1 end,
    last_token_at = now()`;

const RETURNING = `
  returning floor(extract(epoch from now()))::float8 as "issuedAt",
    (greatest(c.tokens_from, (select before from cut_offs where kind = 'client' and id = c.id))
      - extract(epoch from now()))::float8 as wait, c.window_tokens as count,
    extract(epoch from c.window_from + interval '1 minute' - now())::float8 as "resetSeconds"`;

/**
 * What was read of the client when it authenticated still holds: meanwhile its secret may have been replaced, what it may
 * ask for been narrowed, or the client been removed and another one added by its name. A token that is issued after the
 * cut-off of that would live on. Of a client that was read long ago the grants must be the same: a request that names no
 * scopes gets all that it has now.
 */
const CLIENT_STANDS = `
    c.id = $1 and c.created_at = $4::timestamptz and c.disabled_at is null and c.grants @> $2::jsonb
    and ($3::bytea is null or c.secret_hash = $3::bytea
      or (c.previous_secret_hash = $3::bytea and c.previous_secret_until > now()))
    and ($5::jsonb is null or c.grants = $5::jsonb)`;

const ISSUE = `update clients c ${COUNT} where ${CLIENT_STANDS} ${RETURNING}`;

/** The session lives, and nothing that was revoked or has become stale is what the subject token stands on. */
const SUBJECT_STANDS = `
    exists (select from sessions s where s.id = $6::text::uuid and s.user_id = $7::text::uuid and s.expires_at > now())
    and not exists (
      select from revocations r where r.expires_at > now() and (
        (r.kind = 'session' and r.id = $6::text) or (r.kind = 'key' and r.id = $9::text)
        or (r.kind = 'user' and r.id = $7::text and r.before > $8::bigint)))
    and not exists (
      select from cut_offs r where r.expires_at > now() and r.before > $8::bigint and (
        (r.kind = 'stale-user' and r.id = $7::text) or (r.kind = 'stale-role' and r.id = any($10::text[]))
        or (r.kind = 'token' and r.id = $11::text)))`;

const EXCHANGE = `update clients c ${COUNT}
  where ${CLIENT_STANDS} and c.on_behalf_of_users and ${SUBJECT_STANDS} ${RETURNING}`;

/**
 * The chain's clients are locked in the order of their ids, so that exchanges never wait for each other in a circle:
 * one that is being disabled is waited for, and then seen as it has become.
 */
const EXCHANGE_IN_CHAIN = `
  with chain as materialized (
    select id, disabled_at, tokens_from from clients where id = $1 or id = any($12::text[]) order by id for no key update)
  update clients c ${COUNT}
  where ${CLIENT_STANDS} and c.on_behalf_of_users
    and (select count(*) from chain
      where id = any($12::text[]) and disabled_at is null and tokens_from <= $8::bigint) = cardinality($12::text[])
    and not exists (
      select from cut_offs r where r.kind = 'client' and r.id = any($12::text[]) and ${ownCutOff('r')} > $8::bigint)
    and ${SUBJECT_STANDS} ${RETURNING}`;

/**
 * Decides in one statement that a client may have a token, counts it, and says when that was. A change of the client
 * that is under way is waited for, so that no token is issued between a revocation and its cut-off.
 */
@Injectable()
export class TokenIssuancesRepository {
  constructor(private readonly connection: DatabaseConnection) {}

  /** A token of the client's own. @returns nothing when the client is no longer what it was when it authenticated */
  issue(client: AuthenticatedClient, grant: ClientGrant): Promise<Issuance | undefined> {
    return this.first('issue_client_token', ISSUE, valuesOf(client, grant));
  }

  /** A token for a user. @returns nothing when the client, the session, or a client of the chain is no longer good */
  exchange(
    client: AuthenticatedClient,
    grant: ClientGrant,
    subject: ExchangeSubject,
  ): Promise<Issuance | undefined> {
    const { sessionId, userId, issuedAt, kid = null, roles, tokenId = null } = subject;
    const ofSubject = [sessionId, userId, Math.floor(issuedAt), kid, roles, tokenId];
    const values = [...valuesOf(client, grant), ...ofSubject];
    if (subject.actors.length === 0) return this.first('exchange_token', EXCHANGE, values);
    const actors = [...new Set(subject.actors)];
    return this.first('exchange_token_in_chain', EXCHANGE_IN_CHAIN, [...values, actors]);
  }

  private async first(name: string, text: string, values: unknown[]): Promise<Issuance | undefined> {
    const { rows } = await this.connection.pool.query<Issuance>({ name, text, values });
    return rows[0];
  }
}

function valuesOf(client: AuthenticatedClient, grant: ClientGrant): unknown[] {
  const { clientId, createdAt, grants, secretHash = null, isRemembered } = client;
  const known = isRemembered ? JSON.stringify(grants) : null;
  return [clientId, JSON.stringify([grant]), secretHash, createdAt, known];
}

import type { KeyObject } from 'node:crypto';

/** What a benchmarked server is told before it starts. */
export interface Setup {
  readonly secret: string;
  readonly algorithm: 'HS256' | 'ES256' | 'RS256' | 'PS256' | 'EdDSA';
  /** PEM; for asymmetric algorithms. */
  readonly publicKey?: string | undefined;
  /** A session whose tokens are revoked, and how many other sessions are revoked beside it. */
  readonly revokedSession?: string | undefined;
  readonly otherRevocations?: number;
  /** Environment variables of a service that is measured whole. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * What is asked of a benchmarked program: first to start, then for its CPU time, to profile itself for a while, for
 * sessions to refresh, to refresh some, to issue tokens to clients, to call a service, or how PostgreSQL carries out what a refresh asks of it.
 */
export type Order =
  | { readonly start: string; readonly setup: Setup }
  | { readonly ask: 'cpu' | 'start profile' | 'profile' | 'plans' }
  | { readonly ask: 'sessions' | 'refreshes' | 'tokens' | 'calls'; readonly count: number };

/** A session as it stands, with the refresh token that is current. */
export interface RefreshableSession {
  readonly id: string;
  counter: number;
  token: string;
}

/** Microseconds for each of some operations, a few of which were under way at once. */
export interface OperationCost {
  readonly wall: number;
  /** Of the process that asked the database. */
  readonly cpu: number;
}

/** One round of refreshes, one of bare updates, and one of bare updates that have to read the row first. */
export interface RefreshRound {
  readonly refresh: OperationCost;
  readonly bare: OperationCost;
  readonly bareAfterRead: OperationCost;
}

/** One round of tokens of each grant, one of two bare updates with a signature, and one of a read and an update with it. */
export interface TokenRound {
  readonly clientCredentials: OperationCost;
  readonly exchange: OperationCost;
  /** Of a user's token, without which there is no exchange. */
  readonly verification: OperationCost;
  readonly bare: OperationCost;
  readonly bareAfterRead: OperationCost;
}

/** One round of calls by service-client with cached tokens, one by `fetch`, and one by `fetch` with a time limit. */
export interface CallRound {
  readonly cached: OperationCost;
  readonly bare: OperationCost;
  readonly signalled: OperationCost;
  readonly limited: OperationCost;
}

/** What every server answers: the same bytes, so that only the way to them differs. */
export const BODY = { message: 'Access granted' } as const;

export const ISSUER = 'http://localhost:3000';
export const AUDIENCE = 'signet';

/** A key pair of a benchmark. */
export interface Keys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

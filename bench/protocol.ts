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
}

/** What is asked of a benchmarked program: first to start, then for its CPU time, or to profile itself for a while. */
export type Order =
  { readonly start: string; readonly setup: Setup } | { readonly ask: 'cpu' | 'start profile' | 'profile' };

/** What every server answers: the same bytes, so that only the way to them differs. */
export const BODY = { message: 'Access granted' } as const;

export const ISSUER = 'http://localhost:3000';
export const AUDIENCE = 'signet';

/** A key pair of a benchmark. */
export interface Keys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

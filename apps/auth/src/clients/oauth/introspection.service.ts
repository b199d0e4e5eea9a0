import { Injectable } from '@nestjs/common';
import { IssuedTokensService } from './issued-tokens.service.js';

/** RFC 7662 §2.2: the claims of the token besides `active`. */
export type Introspection = { readonly active: boolean } & Readonly<Record<string, unknown>>;

const INACTIVE: Introspection = { active: false };
const CLAIMS = [
  'iss',
  'sub',
  'aud',
  'client_id',
  'scope',
  'roles',
  'sid',
  'act',
  'auth_time',
  'iat',
  'exp',
  'jti',
];

/** Tells clients about access tokens. */
@Injectable()
export class IntrospectionService {
  constructor(private readonly tokens: IssuedTokensService) {}

  /** A client is told about tokens that it holds, or that are for it; of any other it learns nothing. */
  async introspect(clientId: string, text: string): Promise<Introspection> {
    const issued = await this.tokens.verify(text);
    if (!issued) return INACTIVE;
    const { token, audiences } = issued;
    if (token.clientId !== clientId && !audiences.includes(clientId)) return INACTIVE;
    const { claims } = token;
    const told = CLAIMS.filter((name) => claims[name] !== undefined).map((name) => [name, claims[name]]);
    return { active: true, token_type: 'Bearer', ...Object.fromEntries(told) };
  }
}

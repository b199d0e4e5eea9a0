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
    const token = await this.tokens.verify(text);
    if (!token) return INACTIVE;
    const { claims } = token;
    const isItsOwn = token.clientId === clientId;
    const isForIt = [claims['aud']].flat().includes(clientId);
    if (!isItsOwn && !isForIt) return INACTIVE;
    const told = CLAIMS.filter((name) => claims[name] !== undefined).map((name) => [name, claims[name]]);
    return { active: true, token_type: 'Bearer', ...Object.fromEntries(told) };
  }
}

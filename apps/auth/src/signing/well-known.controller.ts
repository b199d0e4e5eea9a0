import { Public } from '@signet/jwt-shared';
import { Controller, Get, Headers, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags, type SchemaObject } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { createHash } from 'node:crypto';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { KeyRingService } from './key-ring.service.js';
import { KeyRotationService } from './key-rotation.service.js';
import { metadataOf } from './server-metadata.js';

const JWK_SET: SchemaObject = {
  type: 'object',
  required: ['keys'],
  properties: { keys: { type: 'array', items: { type: 'object' } } },
};
const METADATA: SchemaObject = {
  type: 'object',
  required: ['issuer', 'jwks_uri'],
  properties: { issuer: { type: 'string' }, jwks_uri: { type: 'string', format: 'uri' } },
};

/** What verifiers need to know; nothing of it is secret. */
@ApiTags('well-known')
@Public()
@Controller('.well-known')
export class WellKnownController {
  constructor(
    private readonly ring: KeyRingService,
    private readonly rotation: KeyRotationService,
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
  ) {}

  @Get('jwks.json')
  @ApiOperation({ summary: 'The public keys (RFC 7517 §5); none under `HS256`' })
  @ApiOkResponse({ description: 'JWK set', content: { 'application/jwk-set+json': { schema: JWK_SET } } })
  async jwks(@Headers('if-none-match') known: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.rotation.settled();
    const body = JSON.stringify(this.ring.jwks());
    const tag = `"${createHash('sha256').update(body).digest('base64url')}"`;
    reply.header('cache-control', `public, max-age=${this.config.JWKS_MAX_AGE}`).header('etag', tag);
    if (tagsIn(known).includes(tag)) void reply.status(304).send();
    else void reply.type('application/jwk-set+json').send(body);
  }

  @Get('oauth-authorization-server')
  @ApiOperation({ summary: 'Authorization server metadata (RFC 8414)' })
  @ApiOkResponse({ description: 'Authorization server metadata', schema: METADATA })
  metadata(@Res({ passthrough: true }) reply: FastifyReply): object {
    reply.header('cache-control', `public, max-age=${this.config.JWKS_MAX_AGE}`);
    return metadataOf(this.config);
  }
}

/** RFC 9110 §13.1.2: compared weakly. */
function tagsIn(header = ''): string[] {
  return header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
}

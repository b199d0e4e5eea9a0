import { Public } from '@signet/jwt-shared';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { transmitterMetadataOf } from './transmitter-metadata.js';

/** What receivers need to know; nothing of it is secret. */
@ApiTags('well-known')
@Public()
@Controller('.well-known')
export class SsfConfigurationController {
  constructor(@Inject(authConfig.KEY) private readonly config: AuthConfig) {}

  @Get('ssf-configuration')
  @ApiOperation({ summary: 'Transmitter metadata of account events (OpenID Shared Signals 1.0)' })
  @ApiOkResponse({
    schema: { type: 'object', required: ['issuer'], properties: { issuer: { type: 'string' } } },
  })
  metadata(@Res({ passthrough: true }) reply: FastifyReply): object {
    reply.header('cache-control', `public, max-age=${this.config.JWKS_MAX_AGE}`);
    return transmitterMetadataOf(this.config);
  }
}

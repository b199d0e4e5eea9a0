import { Public } from '@signet/jwt-shared';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { baseUrlOf } from '../signing/server-metadata.js';
import { POLL_METHOD } from './dto/stream.dto.js';

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

/** What this transmitter of events says about itself (OpenID SSF 1.0 §7.1). */
function transmitterMetadataOf(
  config: Pick<AuthConfig, 'JWT_ISSUER' | 'AUTH_URL' | 'JWT_ALGORITHM'>,
): object {
  const base = baseUrlOf(config);
  return {
    spec_version: '1_0',
    issuer: config.JWT_ISSUER,
    // Under HS256 each stream has a key of its own, which its configuration holds.
    ...(config.JWT_ALGORITHM !== 'HS256' && { jwks_uri: `${base}/.well-known/jwks.json` }),
    delivery_methods_supported: [POLL_METHOD],
    configuration_endpoint: `${base}/ssf/streams`,
    status_endpoint: `${base}/ssf/status`,
    verification_endpoint: `${base}/ssf/verify`,
    critical_subject_members: ['user', 'session'],
    // HTTP Basic with the client's secret, or an assertion of the client as a bearer token.
    authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:7617' }, { spec_urn: 'urn:ietf:rfc:7523' }],
    default_subjects: 'ALL',
  };
}

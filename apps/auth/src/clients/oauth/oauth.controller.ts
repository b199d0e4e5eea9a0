import { Public } from '@signet/jwt-shared';
import { ApiProblems } from '@signet/service-kit';
import { noSigningKey, tokenTooLarge } from '../../signing/signing-keys.errors.js';
import { clientKeysUnavailable } from '../clients.errors.js';
import { Controller, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBasicAuth,
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requesterOf } from '../../audit/requester.js';
import {
  ClientAuthenticationService,
  type AuthenticatedClient,
} from '../authentication/client-authentication.service.js';
import { FormBody } from '../form-body.js';
import { OAuthError } from '../oauth-error.js';
import { IntrospectionDto, TokenFormDto, TokenParameterDto, TokenResponseDto } from './dto/oauth.dto.js';
import { required, type TokenResponse } from './grants/grant.js';
import { IntrospectionService, type Introspection } from './introspection.service.js';
import { OAuthErrorFilter } from './oauth-error.filter.js';
import { oauthErrorResponse } from './oauth-error.response.js';
import { tooManyTokens } from './token-issuance.service.js';
import { TokenRevocationService } from './token-revocation.service.js';
import { TokenService } from './token.service.js';

const FORM = 'application/x-www-form-urlencoded';

/** A form of a client that has proved who it is. */
interface ClientRequest {
  readonly client: AuthenticatedClient;
  readonly form: FormBody;
}

@ApiTags('oauth')
@ApiBasicAuth()
@ApiBadRequestResponse(oauthErrorResponse('A request that is refused, in the terms of OAuth.'))
@ApiUnauthorizedResponse(oauthErrorResponse('`invalid_client`: the client did not show who it is.'))
@ApiProblems(clientKeysUnavailable)
@Public()
@UseFilters(OAuthErrorFilter)
@Controller('oauth')
export class OAuthController {
  constructor(
    private readonly authenticator: ClientAuthenticationService,
    private readonly tokens: TokenService,
    private readonly introspections: IntrospectionService,
    private readonly revocations: TokenRevocationService,
  ) {}

  @Post('token')
  @HttpCode(200)
  @ApiConsumes(FORM)
  @ApiBody({ type: TokenFormDto })
  @ApiOperation({
    summary: 'A token for a service: for itself (client_credentials), or for a user (token exchange)',
  })
  @ApiOkResponse({ type: TokenResponseDto })
  @ApiProblems(tooManyTokens, noSigningKey, tokenTooLarge)
  async token(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    return this.tokens.issue(request, formOf(request, reply));
  }

  @Post('introspect')
  @HttpCode(200)
  @ApiConsumes(FORM)
  @ApiBody({ type: TokenParameterDto })
  @ApiOperation({ summary: "What an access token says, if it is the client's own or for it (RFC 7662)" })
  @ApiOkResponse({ type: IntrospectionDto })
  async introspect(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Introspection> {
    const { client, form } = await this.admit(request, reply);
    return this.introspections.introspect(client.clientId, required(form, 'token'));
  }

  @Post('revoke')
  @HttpCode(200)
  @ApiConsumes(FORM)
  @ApiBody({ type: TokenParameterDto })
  @ApiOperation({
    summary: "End a refresh token's session, or an access token of the client's own (RFC 7009)",
  })
  @ApiOkResponse({ description: 'The token is no longer good, or never was the business of this client.' })
  async revoke(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { client, form } = await this.admit(request, reply);
    await this.revocations.revoke(client.clientId, required(form, 'token'), requesterOf(request));
  }

  private async admit(request: FastifyRequest, reply: FastifyReply): Promise<ClientRequest> {
    const form = formOf(request, reply);
    return { client: await this.authenticator.authenticate(request), form };
  }
}

/** RFC 6749 §5.1: nothing of these routes is ever stored on the way. */
function formOf({ body: form }: FastifyRequest, reply: FastifyReply): FormBody {
  void reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
  if (!(form instanceof FormBody))
    throw new OAuthError('invalid_request', `The body must be a form, sent as ${FORM}.`);
  if (form.repeated !== undefined)
    throw new OAuthError('invalid_request', 'A parameter must not be repeated (RFC 6749 §3.2).');
  return form;
}

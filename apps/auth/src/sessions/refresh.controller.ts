import { Public, type AuthenticatedRequest } from '@signet/jwt-shared';
import { ApiProblems } from '@signet/service-kit';
import { Body, Controller, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requesterOf } from '../audit/requester.js';
import { noSigningKey, tokenTooLarge } from '../signing/signing-keys.errors.js';
import { RateLimited } from '../rate-limiting/rate-limited.decorator.js';
import { TakesRefreshToken } from './auth.guard.js';
import { LogoutDto, RefreshDto } from './dto/refresh.dto.js';
import { TokensDto } from './dto/tokens.dto.js';
import { sessionOfRefreshToken } from './refresh-token.js';
import { RefreshService } from './refresh.service.js';
import { SessionCookieService } from './session-cookie.service.js';
import { invalidRefreshToken, originNotAllowed } from './sessions.errors.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('auth')
@Controller('auth')
export class RefreshController {
  constructor(
    private readonly refreshes: RefreshService,
    private readonly sessions: SessionsService,
    private readonly cookies: SessionCookieService,
  ) {}

  @Public()
  @TakesRefreshToken()
  @Post('refresh')
  @RateLimited('refresh', sessionOfRefreshToken)
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiSecurity('sessionCookie')
  @ApiSecurity({})
  @ApiBody({ type: RefreshDto, required: false })
  @ApiOperation({ summary: 'Exchange a refresh token for the next tokens of its session' })
  @ApiOkResponse({ type: TokensDto })
  @ApiProblems(invalidRefreshToken, originNotAllowed, noSigningKey, tokenTooLarge)
  async refresh(
    @Body() { refresh_token, audience }: RefreshDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokensDto> {
    const requester = requesterOf(request);
    const tokens = await this.refreshes.refresh(refresh_token, requester, audience ?? undefined);
    if (!this.cookies.isUsedBy(request)) return TokensDto.of(tokens);
    this.cookies.write(request, reply, tokens.refreshToken);
    return TokensDto.withCookie(tokens);
  }

  @TakesRefreshToken()
  @Post('logout')
  @HttpCode(204)
  @ApiBearerAuth()
  @ApiSecurity('sessionCookie')
  @ApiSecurity({})
  @ApiBody({ type: LogoutDto, required: false })
  @ApiOperation({
    summary: 'End this session, by its access token or, when that has run out, its refresh token',
  })
  @ApiNoContentResponse({ description: 'The session is over, or was before.' })
  @ApiProblems(originNotAllowed)
  async logout(
    @Body() { refresh_token }: LogoutDto,
    @Req() request: FastifyRequest & Partial<AuthenticatedRequest>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.sessions.logOut(request.user, refresh_token, requesterOf(request));
    if (this.cookies.isUsedBy(request)) this.cookies.clear(request, reply);
  }
}

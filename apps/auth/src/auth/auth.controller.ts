import { Public } from '@signet/jwt-shared';
import { ApiProblems } from '@signet/service-kit';
import { Body, Controller, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requesterOf } from '../audit/requester.js';
import { RateLimited } from '../rate-limiting/rate-limited.decorator.js';
import { noSigningKey, tokenTooLarge } from '../signing/signing-keys.errors.js';
import { SessionCookieService } from '../sessions/session-cookie.service.js';
import { originNotAllowed } from '../sessions/sessions.errors.js';
import { TokensDto } from '../sessions/dto/tokens.dto.js';
import { LoginDto } from './dto/login.dto.js';
import { LoginMetrics } from './login.metrics.js';
import { invalidCredentials, LoginService } from './login.service.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly logins: LoginService,
    private readonly metrics: LoginMetrics,
    private readonly cookies: SessionCookieService,
  ) {}

  @Public()
  @Post('login')
  @RateLimited('login')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Exchange an address and a password for the tokens of a new session' })
  @ApiOkResponse({ type: TokensDto })
  @ApiProblems(invalidCredentials, originNotAllowed, noSigningKey, tokenTooLarge)
  async login(
    @Body() { email, password, audience, mode }: LoginDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokensDto> {
    if (mode === 'cookie') this.cookies.assertMaySet(request);
    const login = this.logins.logIn(email, password, requesterOf(request), audience ?? undefined);
    const tokens = await this.metrics.watch(login);
    if (mode !== 'cookie') return TokensDto.of(tokens);
    this.cookies.write(request, reply, tokens.refreshToken);
    return TokensDto.withCookie(tokens);
  }
}

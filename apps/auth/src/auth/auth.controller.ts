import { Public } from '@signet/jwt-shared';
import { ApiProblems } from '@signet/service-kit';
import { Body, Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { requesterOf } from '../audit/requester.js';
import { RateLimited } from '../rate-limiting/rate-limited.decorator.js';
import { noSigningKey } from '../signing/signing-keys.errors.js';
import { TokensDto } from '../sessions/dto/tokens.dto.js';
import { invalidCredentials } from './auth.errors.js';
import { LoginDto } from './dto/login.dto.js';
import { LoginMetrics } from './login.metrics.js';
import { LoginService } from './login.service.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly logins: LoginService,
    private readonly metrics: LoginMetrics,
  ) {}

  @Public()
  @Post('login')
  @RateLimited('login')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Exchange an address and a password for the tokens of a new session' })
  @ApiOkResponse({ type: TokensDto })
  @ApiProblems(invalidCredentials, noSigningKey)
  async login(@Body() { email, password }: LoginDto, @Req() request: FastifyRequest): Promise<TokensDto> {
    const login = this.logins.logIn(email, password, requesterOf(request));
    return TokensDto.of(await this.metrics.watch(login));
  }
}

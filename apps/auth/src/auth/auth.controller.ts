import { Public, UserId, type AuthenticatedRequest } from '@signet/jwt-shared';
import { Body, Controller, Get, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { RateLimited } from '../abuse/rate-limited.decorator.js';
import { RegistrationService } from '../recovery/registration.service.js';
import { clientOf } from '../sessions/client.js';
import { LogoutDto } from '../sessions/dto/logout.dto.js';
import { RefreshDto } from '../sessions/dto/refresh.dto.js';
import { RefreshService } from '../sessions/refresh.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { UsersService } from '../users/users.service.js';
import { accountIsGone } from './auth.errors.js';
import { TakesRefreshToken } from './auth.guard.js';
import { AcceptedDto, MeDto, TokensDto } from './dto/answers.dto.js';
import { LoginDto } from './dto/login.dto.js';
import { RegisterDto } from './dto/register.dto.js';
import { LoginMetrics } from './login.metrics.js';
import { LoginService } from './login.service.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly users: UsersService,
    private readonly registrations: RegistrationService,
    private readonly logins: LoginService,
    private readonly loginMetrics: LoginMetrics,
    private readonly refreshes: RefreshService,
    private readonly sessions: SessionsService,
  ) {}

  @Public()
  @Post('register')
  @RateLimited('register')
  @HttpCode(202)
  @ApiOperation({ summary: 'Register; the answer is the same whether or not the address is taken' })
  async register(
    @Body() { email, password }: RegisterDto,
    @Req() request: FastifyRequest,
  ): Promise<AcceptedDto> {
    await this.registrations.register(email, password, clientOf(request));
    return { status: 'accepted' };
  }

  @Public()
  @Post('login')
  @RateLimited('login')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Exchange an address and a password for the tokens of a new session' })
  async login(@Body() { email, password }: LoginDto, @Req() request: FastifyRequest): Promise<TokensDto> {
    const login = this.logins.logIn(email, password, clientOf(request));
    return TokensDto.of(await this.loginMetrics.watch(login));
  }

  @Public()
  @Post('refresh')
  @RateLimited('refresh')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Exchange a refresh token for the next tokens of its session' })
  async refresh(@Body() { refresh_token }: RefreshDto, @Req() request: FastifyRequest): Promise<TokensDto> {
    return TokensDto.of(await this.refreshes.refresh(refresh_token, clientOf(request)));
  }

  @TakesRefreshToken()
  @Post('logout')
  @HttpCode(204)
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'End this session, by its access token or, when that has run out, its refresh token',
  })
  @ApiNoContentResponse({ description: 'The session is over, or was before.' })
  async logout(
    @Body() { refresh_token }: LogoutDto,
    @Req() request: FastifyRequest & Partial<AuthenticatedRequest>,
  ): Promise<void> {
    await this.sessions.logOut(request.user, refresh_token, clientOf(request));
  }

  @Get('me')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Who am I?' })
  async me(@UserId() userId: string): Promise<MeDto> {
    const user = await this.users.findById(userId);
    if (!user) throw accountIsGone();
    return MeDto.of(user);
  }
}

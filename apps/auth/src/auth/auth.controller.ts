import { Public, UserId } from '@app/jwt-shared';
import { Body, Controller, Get, Header, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { randomUUIDv7 } from 'node:crypto';
import { AccessTokenIssuer } from '../tokens/access-token.issuer.js';
import { UsersService } from '../users/users.service.js';
import { accountIsGone, invalidCredentials } from './auth.errors.js';
import { AcceptedDto, MeDto, TokensDto } from './dto/answers.dto.js';
import { LoginDto } from './dto/login.dto.js';
import { RegisterDto } from './dto/register.dto.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly users: UsersService,
    private readonly tokens: AccessTokenIssuer,
  ) {}

  @Public()
  @Post('register')
  @HttpCode(202)
  @ApiOperation({ summary: 'Register; the answer is the same whether or not the address is taken' })
  async register(@Body() { email, password }: RegisterDto): Promise<AcceptedDto> {
    await this.users.register(email, password);
    return { status: 'accepted' };
  }

  @Public()
  @Post('login')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Exchange an address and a password for an access token' })
  async login(@Body() { email, password }: LoginDto): Promise<TokensDto> {
    const user = await this.users.authenticate(email, password);
    if (!user) throw invalidCredentials();
    const { accessToken, expiresIn } = this.tokens.issue(user.id, randomUUIDv7());
    return { access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn };
  }

  @Get('me')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Who am I?' })
  async me(@UserId() userId: string): Promise<MeDto> {
    const user = await this.users.findById(userId);
    if (!user) throw accountIsGone();
    return {
      user_id: user.id,
      email: user.email,
      email_verified: user.emailVerified,
      created_at: user.createdAt.toISOString(),
    };
  }
}

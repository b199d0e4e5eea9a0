import { Public } from '@signet/jwt-shared';
import { ApiProblems } from '@signet/service-kit';
import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requesterOf } from '../audit/requester.js';
import { DeviceCookieService } from '../rate-limiting/device-cookie.service.js';
import { RateLimited } from '../rate-limiting/rate-limited.decorator.js';
import { invalidOneTimeToken, wrongPassword } from './accounts.errors.js';
import { AcceptedDto } from './dto/account.dto.js';
import { RegisterDto, VerifyEmailDto } from './dto/registration.dto.js';
import { EmailService } from './email.service.js';
import { RegistrationService } from './registration.service.js';

@Public()
@ApiTags('account')
@Controller('auth')
export class RegistrationController {
  constructor(
    private readonly registrations: RegistrationService,
    private readonly emails: EmailService,
    private readonly devices: DeviceCookieService,
  ) {}

  @Post('register')
  @RateLimited('register')
  @HttpCode(202)
  @ApiOperation({ summary: 'Register; the answer is the same whether or not the address is taken' })
  @ApiAcceptedResponse({ type: AcceptedDto })
  async register(
    @Body() { email, password }: RegisterDto,
    @Req() request: FastifyRequest,
  ): Promise<AcceptedDto> {
    await this.registrations.register(email, password, requesterOf(request));
    return { status: 'accepted' };
  }

  @Post('email/verify')
  @RateLimited('verify')
  @HttpCode(204)
  @ApiOperation({ summary: 'Confirm an address by the token of a link: of a registration, or a new address' })
  @ApiProblems(invalidOneTimeToken, wrongPassword)
  async verifyEmail(
    @Body() { token, password }: VerifyEmailDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const email = await this.emails.verify(token, password ?? undefined, requesterOf(request));
    this.devices.remember(request, reply, email);
  }
}

import { Public } from '@signet/jwt-shared';
import { ApiProblems } from '@signet/service-kit';
import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requesterOf } from '../audit/requester.js';
import { DeviceCookieService } from '../rate-limiting/device-cookie.service.js';
import { RateLimited } from '../rate-limiting/rate-limited.decorator.js';
import { invalidOneTimeToken } from './accounts.errors.js';
import { AcceptedDto } from './dto/account.dto.js';
import { ForgotPasswordDto, ResetPasswordDto } from './dto/password-reset.dto.js';
import { PasswordResetService } from './password-reset.service.js';

@Public()
@ApiTags('account')
@Controller('auth/password')
export class PasswordResetController {
  constructor(
    private readonly passwords: PasswordResetService,
    private readonly devices: DeviceCookieService,
  ) {}

  @Post('forgot')
  @RateLimited('forgot')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Ask for a link to choose a new password; the answer is the same for every address',
  })
  @ApiAcceptedResponse({ type: AcceptedDto })
  async forgotPassword(
    @Body() { email }: ForgotPasswordDto,
    @Req() request: FastifyRequest,
  ): Promise<AcceptedDto> {
    await this.passwords.request(email, requesterOf(request));
    return { status: 'accepted' };
  }

  @Post('reset')
  @RateLimited('reset')
  @HttpCode(204)
  @ApiOperation({ summary: 'Choose a new password by the token of a link; all sessions end' })
  @ApiProblems(invalidOneTimeToken)
  async resetPassword(
    @Body() { token, new_password }: ResetPasswordDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const email = await this.passwords.reset(token, new_password, requesterOf(request));
    this.devices.remember(request, reply, email);
  }
}

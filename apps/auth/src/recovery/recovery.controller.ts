import { Public, UserId } from '@signet/jwt-shared';
import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { RateLimited } from '../abuse/rate-limited.decorator.js';
import { AcceptedDto } from '../auth/dto/answers.dto.js';
import { clientOf } from '../sessions/client.js';
import { ChangeEmailDto } from './dto/change-email.dto.js';
import { ForgotPasswordDto } from './dto/forgot-password.dto.js';
import { ResetPasswordDto } from './dto/reset-password.dto.js';
import { VerifyEmailDto } from './dto/verify-email.dto.js';
import { EmailService } from './email.service.js';
import { PasswordResetService } from './password-reset.service.js';

@ApiTags('account')
@Controller('auth')
export class RecoveryController {
  constructor(
    private readonly passwords: PasswordResetService,
    private readonly emails: EmailService,
  ) {}

  @Public()
  @Post('password/forgot')
  @RateLimited('forgot')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Ask for a link to choose a new password; the answer is the same for every address',
  })
  async forgotPassword(
    @Body() { email }: ForgotPasswordDto,
    @Req() request: FastifyRequest,
  ): Promise<AcceptedDto> {
    await this.passwords.request(email, clientOf(request));
    return { status: 'accepted' };
  }

  @Public()
  @Post('password/reset')
  @RateLimited('reset')
  @HttpCode(204)
  @ApiOperation({ summary: 'Choose a new password by the token of a link; all sessions end' })
  @ApiNoContentResponse()
  async resetPassword(
    @Body() { token, new_password }: ResetPasswordDto,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.passwords.reset(token, new_password, clientOf(request));
  }

  @Public()
  @Post('email/verify')
  @RateLimited('verify')
  @HttpCode(204)
  @ApiOperation({ summary: 'Confirm an address by the token of a link: of a registration, or a new address' })
  @ApiNoContentResponse()
  async verifyEmail(@Body() { token }: VerifyEmailDto, @Req() request: FastifyRequest): Promise<void> {
    await this.emails.verify(token, clientOf(request));
  }

  @Post('email')
  @RateLimited('password')
  @HttpCode(202)
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Ask for another address; it counts from when the link that is sent to it is used',
  })
  async changeEmail(
    @UserId() userId: string,
    @Body() { password, new_email }: ChangeEmailDto,
    @Req() request: FastifyRequest,
  ): Promise<AcceptedDto> {
    await this.emails.requestChange(userId, password, new_email, clientOf(request));
    return { status: 'accepted' };
  }
}

import { CurrentUser, invalidToken, UserId, type AccessToken } from '@signet/jwt-shared';
import { ApiProblems } from '@signet/service-kit';
import { Body, Controller, Delete, Get, Header, HttpCode, Post, Req, StreamableFile } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { requesterOf } from '../audit/requester.js';
import { RateLimited } from '../rate-limiting/rate-limited.decorator.js';
import { UsersRepository } from '../users/users.repository.js';
import { AccountExportService } from './account-export.service.js';
import { AccountService } from './account.service.js';
import { wrongPassword } from './accounts.errors.js';
import { AccountExportDto } from './dto/account-export.dto.js';
import {
  AcceptedDto,
  ChangeEmailDto,
  ChangePasswordDto,
  ConfirmPasswordDto,
  MeDto,
} from './dto/account.dto.js';
import { EmailService } from './email.service.js';

@ApiTags('account')
@Controller('auth')
export class AccountController {
  constructor(
    private readonly users: UsersRepository,
    private readonly account: AccountService,
    private readonly emails: EmailService,
    private readonly exports: AccountExportService,
  ) {}

  @Get('me')
  @ApiOperation({ summary: 'Who am I?' })
  @ApiOkResponse({ type: MeDto })
  @ApiProblems(invalidToken)
  async me(@UserId() userId: string): Promise<MeDto> {
    const user = await this.users.findById(userId);
    if (!user) throw invalidToken(); // of an account that is gone
    return MeDto.of(user);
  }

  @Post('password')
  @RateLimited('password')
  @HttpCode(204)
  @ApiOperation({ summary: 'Change the password; all other sessions end' })
  @ApiProblems(wrongPassword)
  async changePassword(
    @CurrentUser() token: AccessToken,
    @Body() { current_password, new_password }: ChangePasswordDto,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.account.changePassword(token, current_password, new_password, requesterOf(request));
  }

  @Post('email')
  @RateLimited('email')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Ask for another address; it counts from when the link that is sent to it is used',
  })
  @ApiAcceptedResponse({ type: AcceptedDto })
  @ApiProblems(wrongPassword)
  async changeEmail(
    @UserId() userId: string,
    @Body() { password, new_email }: ChangeEmailDto,
    @Req() request: FastifyRequest,
  ): Promise<AcceptedDto> {
    await this.emails.requestChange(userId, password, new_email, requesterOf(request));
    return { status: 'accepted' };
  }

  @Delete('me')
  @RateLimited('remove')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete the account; its sessions end' })
  @ApiProblems(wrongPassword)
  async remove(
    @CurrentUser() token: AccessToken,
    @Body() { password }: ConfirmPasswordDto,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.account.remove(token, password, requesterOf(request));
  }

  @Post('me/export')
  @RateLimited('export')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Everything that is held about me, as a stream' })
  @ApiOkResponse({ type: AccountExportDto })
  @ApiProblems(wrongPassword)
  async export(
    @CurrentUser() token: AccessToken,
    @Body() { password }: ConfirmPasswordDto,
    @Req() request: FastifyRequest,
  ): Promise<StreamableFile> {
    const text = await this.exports.export(token, password, requesterOf(request));
    return new StreamableFile(text, { type: 'application/json; charset=utf-8' });
  }
}

import { CurrentUser, type AccessToken } from '@signet/jwt-shared';
import { Body, Controller, Delete, Get, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { RateLimited } from '../abuse/rate-limited.decorator.js';
import { clientOf } from '../sessions/client.js';
import { AccountService } from './account.service.js';
import { AccountExportDto } from './dto/account-export.dto.js';
import { ChangePasswordDto } from './dto/change-password.dto.js';
import { DeleteAccountDto } from './dto/delete-account.dto.js';
import { ExportService } from './export.service.js';

@ApiTags('account')
@ApiBearerAuth()
@Controller('auth')
export class AccountController {
  constructor(
    private readonly account: AccountService,
    private readonly exports: ExportService,
  ) {}

  @Post('password')
  @RateLimited('password')
  @HttpCode(204)
  @ApiOperation({ summary: 'Change the password; all other sessions end' })
  @ApiNoContentResponse()
  async changePassword(
    @CurrentUser() token: AccessToken,
    @Body() { current_password, new_password }: ChangePasswordDto,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.account.changePassword(token, current_password, new_password, clientOf(request));
  }

  @Delete('me')
  @RateLimited('remove')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete the account; its sessions end' })
  @ApiNoContentResponse()
  async remove(
    @CurrentUser() token: AccessToken,
    @Body() { password }: DeleteAccountDto,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.account.remove(token, password, clientOf(request));
  }

  @Get('me/export')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Everything that is held about me' })
  export(@CurrentUser() token: AccessToken, @Req() request: FastifyRequest): Promise<AccountExportDto> {
    return this.exports.export(token, clientOf(request));
  }
}

import { CurrentUser, type AccessToken } from '@app/jwt-shared';
import { Body, Controller, Delete, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { clientOf } from '../sessions/client.js';
import { AccountService } from './account.service.js';
import { ChangePasswordDto } from './dto/change-password.dto.js';
import { DeleteAccountDto } from './dto/delete-account.dto.js';

@ApiTags('account')
@ApiBearerAuth()
@Controller('auth')
export class AccountController {
  constructor(private readonly account: AccountService) {}

  @Post('password')
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
}

import { CurrentUser, UserId, type AccessToken } from '@app/jwt-shared';
import { Body, Controller, Delete, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RateLimited } from '../abuse/rate-limited.decorator.js';
import { AccountService } from './account.service.js';
import { ChangePasswordDto } from './dto/change-password.dto.js';
import { DeleteAccountDto } from './dto/delete-account.dto.js';

@ApiTags('account')
@ApiBearerAuth()
@Controller('auth')
export class AccountController {
  constructor(private readonly account: AccountService) {}

  @Post('password')
  @RateLimited('password')
  @HttpCode(204)
  @ApiOperation({ summary: 'Change the password; all other sessions end' })
  @ApiNoContentResponse()
  async changePassword(
    @CurrentUser() token: AccessToken,
    @Body() { current_password, new_password }: ChangePasswordDto,
  ): Promise<void> {
    await this.account.changePassword(token, current_password, new_password);
  }

  @Delete('me')
  @RateLimited('remove')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete the account; its sessions end' })
  @ApiNoContentResponse()
  async remove(@UserId() userId: string, @Body() { password }: DeleteAccountDto): Promise<void> {
    await this.account.remove(userId, password);
  }
}

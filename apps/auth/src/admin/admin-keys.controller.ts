import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { KeyDto, KeyListDto } from '../signing/signing-keys.dto.js';
import { SigningKeysService } from '../signing/signing-keys.service.js';
import { ForAdministrators } from './administrator.decorator.js';

@ForAdministrators()
@Controller('admin/keys')
export class AdminKeysController {
  constructor(private readonly keys: SigningKeysService) {}

  @Get()
  @ApiOperation({ summary: 'The keys that access tokens are signed with; never a private half' })
  @ApiOkResponse({ type: KeyListDto })
  async list(): Promise<KeyListDto> {
    const { keys, now } = await this.keys.read();
    return { keys: keys.map((key) => KeyDto.of(key, keys, now)) };
  }
}

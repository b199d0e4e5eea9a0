import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ErasureListDto, ListErasuresDto } from '../events/erasures.dto.js';
import { ErasuresRepository } from '../events/erasures.repository.js';
import { ForAdministrators } from './administrator.decorator.js';

@ForAdministrators()
@Controller('admin/erasures')
export class AdminErasuresController {
  constructor(private readonly erasures: ErasuresRepository) {}

  @Get()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Which service has confirmed which deletion, and what is overdue; the newest first',
  })
  @ApiOkResponse({ type: ErasureListDto })
  async list(@Query() { state, user_id: userId, limit, cursor }: ListErasuresDto): Promise<ErasureListDto> {
    const found = await this.erasures.list({ state, userId, after: cursor, limit: limit + 1 });
    const erasures = found.slice(0, limit);
    return { erasures, next_cursor: found.length > limit ? (erasures.at(-1)?.user_id ?? null) : null };
  }
}

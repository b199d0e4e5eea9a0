import { Roles } from '@signet/jwt-shared';
import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ErasureDto, ErasureListDto, ListErasuresDto } from './erasures.dto.js';
import { ErasuresRepository } from './erasures.repository.js';

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@Controller('admin/erasures')
export class ErasuresController {
  constructor(private readonly erasures: ErasuresRepository) {}

  @Get()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Which service has confirmed which deletion, and what is overdue; the newest first',
  })
  @ApiOkResponse({ type: ErasureListDto })
  async list(@Query() { state, user_id: userId, limit, cursor }: ListErasuresDto): Promise<ErasureListDto> {
    const found = await this.erasures.list({ state, userId, after: cursor, limit: limit + 1 });
    const page = found.slice(0, limit);
    return {
      erasures: page.map((erasure) => ErasureDto.of(erasure)),
      next_cursor: found.length > limit ? (page.at(-1)?.userId ?? null) : null,
    };
  }
}

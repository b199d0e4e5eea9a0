import { validationFailed } from '@signet/service-kit';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { AuditRepository } from '../audit/audit.repository.js';
import { ForAdministrators } from './administrator.decorator.js';
import { AuditEventDto, AuditListDto, ListAuditDto } from './dto/audit.dto.js';

@ForAdministrators()
@Controller('admin/audit')
export class AdminAuditController {
  constructor(private readonly audit: AuditRepository) {}

  @Get()
  @ApiOperation({ summary: 'What has happened, page by page' })
  @ApiOkResponse({ type: AuditListDto, description: 'Newest first.' })
  async list(@Query() { user, event, since, limit, cursor }: ListAuditDto): Promise<AuditListDto> {
    if (cursor !== undefined && !isUUID(cursor))
      throw validationFailed([{ field: 'cursor', message: 'must be the next_cursor of an earlier answer' }]);
    const found = await this.audit.list({
      userId: user,
      event,
      since: since === undefined ? undefined : new Date(since),
      before: cursor,
      limit: limit + 1,
    });
    const page = found.slice(0, limit);
    return {
      events: page.map((recorded) => AuditEventDto.of(recorded)),
      next_cursor: found.length > limit ? (page.at(-1)?.id ?? null) : null,
    };
  }
}

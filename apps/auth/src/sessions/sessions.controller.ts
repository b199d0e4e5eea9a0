import { CurrentUser, UserId, type AccessToken } from '@signet/jwt-shared';
import { ApiProblems } from '@signet/service-kit';
import { Controller, Delete, Get, HttpCode, Param, Req } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { requesterOf } from '../audit/requester.js';
import { SessionDto, SessionListDto } from './dto/session.dto.js';
import { SessionCookieService } from './session-cookie.service.js';
import { SessionIdPipe } from './session-id.pipe.js';
import { sessionNotFound } from './sessions.errors.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('sessions')
@Controller('auth/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly cookies: SessionCookieService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Where am I logged in?' })
  @ApiOkResponse({ type: SessionListDto, description: 'The one used last comes first.' })
  async list(@CurrentUser() { userId, sessionId }: AccessToken): Promise<SessionListDto> {
    const sessions = await this.sessions.list(userId);
    return { sessions: sessions.map((session) => SessionDto.of(session, sessionId)) };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End one session' })
  @ApiNoContentResponse()
  @ApiProblems(sessionNotFound)
  async end(
    @UserId() userId: string,
    @Param('id', SessionIdPipe) id: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    if (!(await this.sessions.end(userId, id, requesterOf(request)))) sessionNotFound();
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'End all sessions but this one' })
  @ApiNoContentResponse()
  async endOthers(@CurrentUser() token: AccessToken, @Req() request: FastifyRequest): Promise<void> {
    await this.sessions.endOthers(token, requesterOf(request), this.cookies.peek(request));
  }
}

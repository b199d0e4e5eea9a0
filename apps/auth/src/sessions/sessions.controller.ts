import { CurrentUser, UserId, type AccessToken } from '@signet/jwt-shared';
import { ApiProblems } from '@signet/service-kit';
import { Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { requesterOf } from '../audit/requester.js';
import { SessionDto, SessionListDto } from './dto/session.dto.js';
import { SessionCookieService } from './session-cookie.service.js';
import { sessionNotFound } from './sessions.errors.js';
import { SessionsService } from './sessions.service.js';

/** Lets only ids through that a session can have; no other is anybody's session. */
const SESSION_ID = new ParseUUIDPipe({ exceptionFactory: sessionNotFound });

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
  @ApiProblems(sessionNotFound)
  async end(
    @UserId() userId: string,
    @Param('id', SESSION_ID) id: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    if (!(await this.sessions.end(userId, id, requesterOf(request)))) sessionNotFound();
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'End all sessions but this one' })
  async endOthers(@CurrentUser() token: AccessToken, @Req() request: FastifyRequest): Promise<void> {
    await this.sessions.endOthers(token, requesterOf(request), this.cookies.peek(request));
  }
}

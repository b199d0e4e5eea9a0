import { invalidToken, Public, unauthorized } from '@signet/jwt-shared';
import { ApiProblems } from '@signet/service-kit';
import { Controller, Get, Query, Res, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { kindsIn } from './feed-kinds.js';
import { FeedKeyGuard } from './feed-key.guard.js';
import { feedUnavailable, RevocationFeedService } from './revocation-feed.service.js';

/** `@Public()` as regards people: services show a key of their own. */
@Public()
@UseGuards(FeedKeyGuard)
@ApiTags('services')
@ApiSecurity('feedKey')
@Controller('revocations')
export class RevocationFeedController {
  constructor(private readonly feed: RevocationFeedService) {}

  @Get()
  @ApiOperation({ summary: 'What is revoked: a snapshot, then every change (server-sent events)' })
  @ApiQuery({
    name: 'kinds',
    required: false,
    description: 'What the follower understands, comma separated; `session,user,key` unless told.',
    example: 'session,user,key,client,stale-user,stale-role,token',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({
    description:
      'Events `revoked` and `snapshot`: the first `snapshot` completes what was revoked before. A comment each second, ' +
      '`beat` with the age in seconds of what is known.',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  @ApiProblems(unauthorized, invalidToken, feedUnavailable)
  follow(@Query('kinds') kinds: unknown, @Res() reply: FastifyReply): void {
    void reply
      .header('content-type', 'text/event-stream')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(this.feed.open(reply.raw, kindsIn(kinds)));
  }
}

import { Public } from '@signet/jwt-shared';
import { ApiProblems } from '@signet/service-kit';
import { Controller, Get, Res, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { FeedKeyGuard } from './feed-key.guard.js';
import { RevocationFeed } from './revocation-feed.js';
import { feedKeyInvalid, feedKeyMissing, feedUnavailable } from './revocation.errors.js';

/** `@Public()` as regards people: services show a key of their own. */
@Public()
@UseGuards(FeedKeyGuard)
@ApiTags('services')
@ApiSecurity('feedKey')
@Controller('revocations')
export class RevocationFeedController {
  constructor(private readonly feed: RevocationFeed) {}

  @Get()
  @ApiOperation({ summary: 'What is revoked: a snapshot, then every change (server-sent events)' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({
    description: 'Events `snapshot` and `revoked`; a comment each second.',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  @ApiProblems(feedKeyMissing, feedKeyInvalid, feedUnavailable)
  follow(@Res() reply: FastifyReply): void {
    void reply
      .header('content-type', 'text/event-stream')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(this.feed.open(reply.raw));
  }
}

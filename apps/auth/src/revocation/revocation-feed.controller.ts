import { Public } from '@signet/jwt-shared';
import { Controller, Get, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { FeedKeyGuard } from './feed-key.guard.js';
import { RevocationFeed } from './revocation-feed.js';

/** `@Public()` as regards people: services show a key of their own. */
@Public()
@UseGuards(FeedKeyGuard)
@ApiTags('services')
@ApiBearerAuth()
@Controller('revocations')
export class RevocationFeedController {
  constructor(private readonly feed: RevocationFeed) {}

  @Get()
  @ApiOperation({ summary: 'What is revoked: a snapshot, then every change (server-sent events)' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'Events `snapshot` and `revoked`; a comment each second.' })
  follow(@Res() reply: FastifyReply): void {
    void reply
      .header('content-type', 'text/event-stream')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(this.feed.open(reply.raw));
  }
}

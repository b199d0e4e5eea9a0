import { Public } from '@signet/jwt-shared';
import { ApiProblems } from '@signet/service-kit';
import { clientKeysUnavailable } from '../clients/clients.errors.js';
import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Patch,
  Post,
  Query,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { ApiBasicAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PollAnswerDto, PollDto } from './dto/poll.dto.js';
import {
  ChangeStreamDto,
  StreamChoiceDto,
  StreamDto,
  StreamQueryDto,
  StreamStatusDto,
  VerifyDto,
} from './dto/stream.dto.js';
import { PollService } from './poll.service.js';
import { Receiver, ReceiverGuard } from './receiver.guard.js';
import {
  notAReceiver,
  noStream,
  pollsBusy,
  receiverUnknown,
  streamExists,
  verificationTooSoon,
} from './shared-signals.errors.js';
import { StreamsService } from './streams.service.js';

/** `@Public()` as regards people: services prove who they are as clients. */
@Public()
@UseGuards(ReceiverGuard)
@ApiTags('services')
@ApiBasicAuth()
@ApiProblems(receiverUnknown, notAReceiver, clientKeysUnavailable)
@Controller('ssf')
export class SharedSignalsController {
  constructor(
    private readonly polls: PollService,
    private readonly streams: StreamsService,
    private readonly guard: ReceiverGuard,
  ) {}

  @Post('poll')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Acknowledge account events, and get the next ones; waits for one (RFC 8936)' })
  @ApiOkResponse({ type: PollAnswerDto })
  @ApiProblems(noStream, pollsBusy)
  poll(
    @Receiver() clientId: string,
    @Body() poll: PollDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PollAnswerDto> {
    return this.polls.poll(clientId, poll, () => this.guard.check(request), gone(request, reply));
  }

  @Get('streams')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'The stream of the client: a list of one at most, or with `stream_id` the stream itself',
  })
  @ApiOkResponse({ type: StreamDto })
  @ApiProblems(noStream)
  get(
    @Receiver() clientId: string,
    @Query() { stream_id: streamId }: StreamQueryDto,
  ): Promise<StreamDto | StreamDto[]> {
    return streamId === undefined ? this.streams.list(clientId) : this.streams.find(clientId, streamId);
  }

  @Post('streams')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Open the stream of the client' })
  @ApiCreatedResponse({ type: StreamDto })
  @ApiProblems(streamExists)
  open(@Receiver() clientId: string, @Body() choice: StreamChoiceDto): Promise<StreamDto> {
    return this.streams.open(clientId, choice);
  }

  @Patch('streams')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Choose the types of events' })
  @ApiOkResponse({ type: StreamDto })
  @ApiProblems(noStream)
  change(@Receiver() clientId: string, @Body() change: ChangeStreamDto): Promise<StreamDto> {
    return this.streams.change(clientId, change);
  }

  @Delete('streams')
  @HttpCode(204)
  @ApiOperation({ summary: 'Close the stream; what waits in it is lost' })
  @ApiProblems(noStream)
  close(@Receiver() clientId: string, @Query() { stream_id: streamId }: StreamQueryDto): Promise<void> {
    return this.streams.close(clientId, streamId);
  }

  @Get('status')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Whether the stream delivers; it always does' })
  @ApiOkResponse({ type: StreamStatusDto })
  @ApiProblems(noStream)
  async status(
    @Receiver() clientId: string,
    @Query() { stream_id: streamId }: StreamQueryDto,
  ): Promise<StreamStatusDto> {
    const { stream_id } = await this.streams.find(clientId, streamId);
    return { stream_id, status: 'enabled' };
  }

  @Post('verify')
  @HttpCode(204)
  @ApiOperation({ summary: 'Have a verification event sent' })
  @ApiProblems(noStream, verificationTooSoon)
  verify(@Receiver() clientId: string, @Body() verification: VerifyDto): Promise<void> {
    return this.streams.verify(clientId, verification);
  }
}

/** Aborted when the receiver ends the connection before it has the answer. */
function gone({ raw }: FastifyRequest, reply: FastifyReply): AbortSignal {
  const left = new AbortController();
  const onClose = () => left.abort();
  raw.socket.once('close', onClose);
  reply.raw.once('finish', () => raw.socket.off('close', onClose));
  return left.signal;
}

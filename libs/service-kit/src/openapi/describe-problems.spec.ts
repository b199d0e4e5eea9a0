import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Body,
  Controller,
  Get,
  Module,
  Post,
  Query,
  SetMetadata,
  type INestApplication,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ApiOkResponse,
  ApiProperty,
  DocumentBuilder,
  SwaggerModule,
  type OpenAPIObject,
} from '@nestjs/swagger';
import { ProblemException } from '../errors/index.js';
import { ApiProblems } from './api-problems.decorator.js';
import { describeProblems } from './describe-problems.js';
import { GUARD_DESCRIPTION, type DescribeGuard } from './guard-description.js';

const outOfWax = () =>
  new ProblemException(409, 'OUT_OF_WAX', 'There is no wax left.', { headers: { 'retry-after': '60' } });
const sealIsLost = (): never => {
  throw new ProblemException(409, 'SEAL_LOST', 'The seal is lost.');
};
const gone = () => new ProblemException(410, 'GONE', 'It is gone.');

class SealDto {
  @ApiProperty()
  motto: string;
}

class ListDto {
  @ApiProperty()
  limit: number;
}

@ApiProblems(gone)
@Controller('seals')
class SealsController {
  @Post()
  @ApiProblems(outOfWax)
  @ApiProblems(sealIsLost)
  @ApiOkResponse({ type: SealDto })
  create(@Body() seal: SealDto): SealDto {
    return seal;
  }

  @Get()
  @SetMetadata('open', true)
  list(@Query() _query: ListDto): void {}
}

const unauthorized = new ProblemException(401, 'UNAUTHORIZED', 'Unauthorized');
const describeGuard: DescribeGuard = (_controller, handler) =>
  Reflect.getMetadata('open', handler) === true
    ? { needsToken: false, problems: [] }
    : { needsToken: true, problems: [unauthorized] };

@Module({
  controllers: [SealsController],
  providers: [{ provide: GUARD_DESCRIPTION, useValue: describeGuard }],
})
class SealsModule {}

describe('describeProblems', () => {
  let app: INestApplication;
  let document: OpenAPIObject;
  beforeAll(async () => {
    app = await NestFactory.create(SealsModule, { logger: false });
    document = describeProblems(app, SwaggerModule.createDocument(app, new DocumentBuilder().build()));
  });
  afterAll(() => app.close());

  function codes(method: 'get' | 'post', status: string): unknown {
    return JSON.stringify(document.paths['/seals']?.[method]?.responses[status] ?? '').match(
      /"enum":\[([^\]]*)\]/,
    )?.[1];
  }

  it('lists what a handler and its class answer, by the functions that make the problems', () => {
    expect(codes('post', '409')).toBe('"SEAL_LOST","OUT_OF_WAX"');
    expect(codes('post', '410')).toBe('"GONE"');
    expect(document.paths['/seals']?.post?.responses['409']).toMatchObject({
      description: '- `SEAL_LOST`: The seal is lost.\n- `OUT_OF_WAX`: There is no wax left.',
      headers: { 'Retry-After': expect.anything() },
    });
    expect(document.components?.examples?.['OUT_OF_WAX']).toMatchObject({
      value: { status: 409, code: 'OUT_OF_WAX', detail: 'There is no wax left.' },
    });
  });

  it('adds what follows from a body, from a query, and what every route answers', () => {
    expect([codes('post', '400'), codes('post', '413'), codes('post', '415')]).toEqual([
      '"VALIDATION_FAILED","MALFORMED_JSON","MALFORMED_REQUEST"',
      '"BODY_TOO_LARGE"',
      '"UNSUPPORTED_MEDIA_TYPE"',
    ]);
    expect([codes('get', '400'), codes('get', '413')]).toEqual([
      '"VALIDATION_FAILED","MALFORMED_REQUEST"',
      undefined,
    ]);
    for (const method of ['get', 'post'] as const) {
      expect(codes(method, '500')).toBe('"INTERNAL_ERROR"');
      expect(codes(method, '503')).toBe('"OVERLOADED","DATABASE_UNAVAILABLE"');
    }
  });

  it('demands a token where the guard does, and nowhere else', () => {
    expect(document.paths['/seals']?.post).toMatchObject({ security: [{ bearer: [] }] });
    expect(codes('post', '401')).toBe('"UNAUTHORIZED"');
    expect(document.paths['/seals']?.get).toMatchObject({ security: [] });
    expect(codes('get', '401')).toBeUndefined();
  });

  it('leaves the success of a handler as it is, and names it after its feature', () => {
    expect(document.paths['/seals']?.post).toMatchObject({
      operationId: 'sealsCreate',
      responses: { 200: { description: 'OK', content: { 'application/json': expect.anything() } } },
    });
  });
});

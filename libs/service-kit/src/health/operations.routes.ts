import { Get, Header, Inject } from '@nestjs/common';
import {
  ApiExcludeEndpoint,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
  type SchemaObject,
} from '@nestjs/swagger';
import { HealthCheckService, HealthIndicatorService, type HealthCheckResult } from '@nestjs/terminus';
import { DatabaseHealth } from '../database/index.js';
import { MetricsRegistry } from '../metrics/index.js';
import { Readiness } from './readiness.js';

const STATUS: SchemaObject = {
  type: 'object',
  required: ['status'],
  properties: { status: { type: 'string', enum: ['ok'] } },
};

/**
 * What operators and orchestrators ask of a service. An application puts it on its map, and says there
 * that it needs no token:
 *
 * @example
 * ```ts
 * @Public()
 * @Controller()
 * export class OperationsController extends OperationsRoutes {}
 * ```
 */
@ApiTags('operations')
export abstract class OperationsRoutes {
  @Inject() private readonly checks: HealthCheckService;
  @Inject() private readonly indicators: HealthIndicatorService;
  @Inject() private readonly database: DatabaseHealth;
  @Inject() private readonly readiness: Readiness;
  @Inject() private readonly metrics: MetricsRegistry;

  @Get('health/live')
  @ApiOperation({ summary: 'Is the process alive?' })
  @ApiOkResponse({ description: 'It is.', schema: STATUS })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'Does the service want traffic?' })
  @ApiOkResponse({ description: 'It does, and what it needs is there.', schema: STATUS })
  @ApiServiceUnavailableResponse({ description: 'Something that it needs is away, or it is stopping.' })
  ready(): Promise<HealthCheckResult> {
    return this.checks.check([
      async () => this.report('database', await this.databaseAnswers()),
      () => this.report('traffic', this.readiness.wantsTraffic),
    ]);
  }

  @Get('metrics')
  @ApiExcludeEndpoint()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  prometheus(): Promise<string> {
    return this.metrics.metrics();
  }

  private databaseAnswers(): Promise<boolean> {
    return this.database.ping().then(
      () => true,
      () => false,
    );
  }

  private report(name: string, isUp: boolean) {
    const indicator = this.indicators.check(name);
    return isUp ? indicator.up() : indicator.down();
  }
}

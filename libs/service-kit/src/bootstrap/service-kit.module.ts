import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { ProblemFilter, StrictValidationPipe, UnknownRouteController } from '../errors/index.js';
import { MetricsRegistry } from '../metrics/index.js';
import { Health, OPERATIONS, Operations, Readiness } from '../operations/index.js';
import { Tracing } from '../tracing/index.js';

/** What every service has around its features. An application imports it last: its controller takes all other paths. */
@Global()
@Module({
  controllers: [UnknownRouteController],
  providers: [
    Health,
    MetricsRegistry,
    Operations,
    Readiness,
    Tracing,
    { provide: OPERATIONS, useExisting: Operations },
    { provide: APP_PIPE, useClass: StrictValidationPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [MetricsRegistry, OPERATIONS, Operations, Readiness],
})
export class ServiceKitModule {}

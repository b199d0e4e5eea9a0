import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { ProblemFilter, StrictValidationPipe, UnknownRouteController } from '../errors/index.js';
import { Readiness } from '../health/index.js';
import { MetricsRegistry } from '../metrics/index.js';
import { Tracing } from '../tracing/index.js';

/** What every service has around its features. An application imports it last: its controller takes all other paths. */
@Global()
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [UnknownRouteController],
  providers: [
    MetricsRegistry,
    Readiness,
    Tracing,
    { provide: APP_PIPE, useClass: StrictValidationPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [MetricsRegistry, Readiness, TerminusModule],
})
export class ServiceKitModule {}

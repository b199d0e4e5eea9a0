import { Global, Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule, type ConfigFactoryKeyHost } from '@nestjs/config';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { BackgroundLoopsService } from '../background/index.js';
import type { ServiceEnvironment } from '../config/index.js';
import { DatabaseModule } from '../database/index.js';
import { ProblemFilter, StrictValidationPipe, UnknownRouteController } from '../errors/index.js';
import { MetricsRegistry } from '../metrics/index.js';
import { HealthService, operations, ReadinessService } from '../operations/index.js';
import { TracingService } from '../tracing/index.js';

/** What a service says of itself. */
export interface ServiceKitOptions {
  /** Names its database, and its connections to it. */
  readonly name: string;
  /** Reads and checks its environment: what `registerAs` gives. */
  readonly config: (() => ServiceEnvironment) & Pick<ConfigFactoryKeyHost, 'KEY'>;
  /** The folder that `drizzle-kit generate` has made; without one the service has no database. */
  readonly migrations?: string;
}

/**
 * What every service has around its features: its checked configuration, its database, background work, errors as
 * problem details, validation, health, metrics and traces.
 *
 * @example
 * ```ts
 * @Module({
 *   imports: [
 *     ServiceKitModule.forRoot({
 *       name: 'business',
 *       config: businessConfig,
 *       migrations: join(import.meta.dirname, 'database/migrations'),
 *     }),
 *     JwtSharedModule.forRoot(),
 *     TasksModule,
 *   ],
 * })
 * export class AppModule {}
 * ```
 */
@Global()
@Module({
  controllers: [UnknownRouteController],
  providers: [
    BackgroundLoopsService,
    HealthService,
    MetricsRegistry,
    ReadinessService,
    TracingService,
    operations,
    { provide: APP_PIPE, useClass: StrictValidationPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [BackgroundLoopsService, MetricsRegistry, operations, ReadinessService],
})
export class ServiceKitModule {
  /** For a service. */
  static forRoot(options: ServiceKitOptions): DynamicModule {
    return { module: ServiceKitModule, imports: configurationAndDatabase(options, false) };
  }

  /** For commands, which share the database of a service that runs: no routes, no background work, no metrics. */
  static forCommands(options: ServiceKitOptions): DynamicModule {
    return { module: CommandKitModule, imports: configurationAndDatabase(options, true) };
  }
}

class CommandKitModule {}

function configurationAndDatabase(options: ServiceKitOptions, sharesServer: boolean) {
  const { name, config, migrations: migrationsFolder } = options;
  const configuration = ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, load: [config] });
  if (migrationsFolder === undefined) return [configuration];
  const database = DatabaseModule.forRootAsync({
    inject: [config.KEY],
    useFactory: (environment: ServiceEnvironment) => ({ name, environment, migrationsFolder, sharesServer }),
  });
  return [configuration, database];
}

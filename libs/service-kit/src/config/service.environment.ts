import { WholeNumber } from './environment-of.js';
import { IsOrigins } from './origins.js';
import { IsTrustProxy, type TrustProxy } from './trust-proxy.js';
import { IsIn, IsNotEmpty, IsOptional, IsString, Matches, ValidateBy, ValidateIf } from 'class-validator';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const NODE_ENVIRONMENTS = ['development', 'test', 'production'] as const;
const SWITCH = ['on', 'off'] as const;

/** The variables that every service reads, whatever it does. */
export class ServiceEnvironment {
  /** `production` refuses every default that is meant for development. */
  @IsIn(NODE_ENVIRONMENTS, { message: `must be one of ${NODE_ENVIRONMENTS.join(', ')}` })
  NODE_ENV: (typeof NODE_ENVIRONMENTS)[number] = 'development';

  /** 0: any that is free. */
  @WholeNumber(0, 65_535)
  PORT: number;

  @IsString()
  @IsNotEmpty({ message: 'must be an address to listen on, such as 127.0.0.1 or 0.0.0.0' })
  HOST = '127.0.0.1';

  /** Metrics are served there and no longer on `PORT`, health on both; unset: everything on `PORT`. */
  @IsOptional()
  @WholeNumber(0, 65_535)
  @ValidateBy({
    name: 'isAnotherPort',
    validator: {
      validate: (port, args) => port === 0 || port !== (args?.object as ServiceEnvironment | undefined)?.PORT,
      defaultMessage: () => 'must be another port than PORT',
    },
  })
  OPERATIONS_PORT?: number;

  /** The OpenAPI page at `/docs` and the document at `/docs-json`; unset: on, and off in production. */
  @IsOptional()
  @IsIn(SWITCH, { message: `must be one of ${SWITCH.join(', ')}` })
  DOCS?: (typeof SWITCH)[number];

  /** Pages of these origins may call the service from a browser, with cookies; unset: none. */
  @IsOrigins()
  CORS_ORIGINS: readonly string[] = [];

  /** Unset: `X-Forwarded-For` is ignored, as anybody can send it; the caller is whoever has connected. */
  @IsTrustProxy()
  TRUST_PROXY?: TrustProxy;

  /** Unset: the service starts its own PostgreSQL under `DATA_DIR`, which production does not allow. */
  @ValidateIf((env: ServiceEnvironment) => env.NODE_ENV === 'production' || env.DATABASE_URL !== undefined)
  @Matches(/^postgres(ql)?:\/\/\S+$/, {
    message: 'must be a postgres:// URL; the embedded database is for development alone',
  })
  DATABASE_URL?: string;

  /** The same database as another role, its owner, for the migrations alone; unset: `DATABASE_URL` does both. */
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/\S+$/, { message: 'must be a postgres:// URL' })
  DATABASE_MIGRATION_URL?: string;

  /** Database connections of this process at most. */
  @WholeNumber(1, 1000)
  DATABASE_POOL_SIZE = 10;

  /** Requests that may wait for a database connection; what comes then is answered 503 at once. */
  @WholeNumber(0, 100_000)
  DATABASE_POOL_QUEUE = 200;

  /** How long each of them waits, and how long a new connection may take. */
  @WholeNumber(1, 60_000, 'milliseconds')
  DATABASE_ACQUIRE_TIMEOUT_MS = 3_000;

  /** How long a statement may take. */
  @WholeNumber(1, 600_000, 'milliseconds')
  DATABASE_STATEMENT_TIMEOUT_MS = 10_000;

  /** How late the event loop may be, on average over a second, before requests are answered 503; 0: no bound. */
  @WholeNumber(0, 60_000, 'milliseconds')
  MAX_EVENT_LOOP_DELAY_MS = 500;

  /** Open connections at most; more are closed at once. */
  @WholeNumber(1, 1_000_000)
  MAX_CONNECTIONS = 10_000;

  /** How long a caller may take to send a request. */
  @WholeNumber(1, 300, 'seconds')
  REQUEST_TIMEOUT_SECONDS = 15;

  /**
   * How long the service still takes requests after SIGTERM, while `/health/ready` answers 503: longer than the load
   * balancer takes to notice.
   */
  @WholeNumber(0, 300, 'seconds')
  SHUTDOWN_DELAY_SECONDS = 1;

  /** How long requests under way may then take: after that, every connection is closed. */
  @WholeNumber(1, 300, 'seconds')
  SHUTDOWN_TIMEOUT_SECONDS = 8;

  /** Where the embedded database and generated development secrets live. */
  @IsString()
  DATA_DIR: string;

  /** Where traces are sent (OTLP over HTTP, `/v1/traces` below it); unset: none are made. */
  @IsOptional()
  @Matches(/^https?:\/\/\S+$/, { message: 'must be the http:// or https:// URL of an OTLP receiver' })
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  @IsIn(LOG_LEVELS, { message: `must be one of ${LOG_LEVELS.join(', ')}` })
  LOG_LEVEL: (typeof LOG_LEVELS)[number] = 'info';
}

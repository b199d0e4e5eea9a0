import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const NODE_ENVIRONMENTS = ['development', 'test', 'production'] as const;
const PORT_RANGE = { message: 'must be a whole number from 0 to 65535 (0: any free port)' };

/** The variables that every service reads, whatever it does. */
export class ServiceEnvironment {
  /** `production` refuses every default that is meant for development. */
  @IsIn(NODE_ENVIRONMENTS, { message: `must be one of ${NODE_ENVIRONMENTS.join(', ')}` })
  NODE_ENV: (typeof NODE_ENVIRONMENTS)[number] = 'development';

  @Type(() => Number)
  @IsInt(PORT_RANGE)
  @Min(0, PORT_RANGE)
  @Max(65535, PORT_RANGE)
  PORT: number;

  @IsString()
  @IsNotEmpty({ message: 'must be an address to listen on, such as 127.0.0.1 or 0.0.0.0' })
  HOST = '127.0.0.1';

  /** Unset: the service starts its own PostgreSQL under `DATA_DIR`, which production does not allow. */
  @ValidateIf((env: ServiceEnvironment) => env.NODE_ENV === 'production' || env.DATABASE_URL !== undefined)
  @Matches(/^postgres(ql)?:\/\/\S+$/, {
    message:
      'must be set to a postgres:// URL when NODE_ENV is production (the embedded database is for development only), and be one wherever it is set',
  })
  DATABASE_URL?: string;

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

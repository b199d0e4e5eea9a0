import { JWT_RULES, REVOCATION_RULES } from '@signet/jwt-shared';
import { developmentDefaults, environmentOf, readEnvironment, ServiceEnvironment } from '@signet/service-kit';
import { registerAs } from '@nestjs/config';
import { IntersectionType } from '@nestjs/mapped-types';
import { IsOptional } from 'class-validator';

class ReportsEnvironment extends IntersectionType(
  ServiceEnvironment,
  environmentOf(JWT_RULES),
  environmentOf(REVOCATION_RULES),
) {
  override PORT = 3002;

  @IsOptional()
  CLIENT_SECRET?: string;
}

export const reportsConfig = registerAs('reports', () =>
  readEnvironment(
    ReportsEnvironment,
    developmentDefaults('reports', ['JWT_SECRET', 'REVOCATION_FEED_KEY', 'CLIENT_SECRET']),
  ),
);

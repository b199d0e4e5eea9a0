import { JWT_RULES, REVOCATION_RULES } from '@signet/jwt-shared';
import {
  ClientEnvironment,
  developmentDefaults,
  environmentOf,
  readEnvironment,
  ServiceEnvironment,
} from '@signet/service-kit';
import { registerAs } from '@nestjs/config';
import { IntersectionType } from '@nestjs/mapped-types';

class ReportsEnvironment extends IntersectionType(
  ServiceEnvironment,
  ClientEnvironment,
  environmentOf(JWT_RULES),
  environmentOf(REVOCATION_RULES),
) {
  override PORT = 3002;
}

export const reportsConfig = registerAs('reports', () =>
  readEnvironment(
    ReportsEnvironment,
    developmentDefaults('reports', ['JWT_SECRET', 'REVOCATION_FEED_KEY', 'CLIENT_SECRET']),
  ),
);

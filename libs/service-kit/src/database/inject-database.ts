import { Inject } from '@nestjs/common';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';

/** The Drizzle database over a service's own schema. */
export type Database<Schema extends Record<string, unknown> = Record<string, never>> = NodePgDatabase<Schema>;

/** Injection token of the {@link Database}. */
export const DATABASE = Symbol('DATABASE');

/**
 * Injects the service's database.
 *
 * @example
 * constructor(@InjectDatabase() private readonly db: Database) {}
 */
export const InjectDatabase = (): ParameterDecorator & PropertyDecorator => Inject(DATABASE);

import { Inject } from '@nestjs/common';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';

/** Drizzle on a service's own database. */
export type Database = NodePgDatabase;

/** A transaction under way: what a repository method takes to be part of it. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** Injection token of the {@link Database}. */
export const DATABASE = Symbol('DATABASE');

/**
 * Injects the service's database.
 *
 * @example
 * constructor(@InjectDatabase() private readonly db: Database) {}
 */
export const InjectDatabase = (): ParameterDecorator & PropertyDecorator => Inject(DATABASE);

import { type INestApplicationContext, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { integer, pgTable } from 'drizzle-orm/pg-core';
import { ServiceEnvironment } from '../../config/index.js';
import { type Database, DatabaseModule, InjectDatabase } from '../index.js';
import type { Migration } from './migrations.js';

export const people = pgTable('people', { id: integer().primaryKey() });

/** A repository as a service has it. */
@Injectable()
export class PeopleRepository {
  constructor(@InjectDatabase() private readonly db: Database) {}

  async add(id: number): Promise<void> {
    await this.db.insert(people).values({ id });
  }

  async findAll(): Promise<{ id: number }[]> {
    return this.db.select().from(people);
  }
}

@Module({ providers: [PeopleRepository] })
class PeopleModule {}

/** Makes the table of {@link startPeople}. */
export const PEOPLE: Migration = {
  tag: '0000_people',
  when: 1_000,
  sql: 'CREATE TABLE people (id int PRIMARY KEY);',
};

/** Starts a service with one table, whose database connections are called "people". */
export async function startPeople(
  migrationsFolder: string,
  settings: Partial<ServiceEnvironment>,
): Promise<INestApplicationContext> {
  const environment = Object.assign(new ServiceEnvironment(), settings);
  const database = DatabaseModule.forRootAsync({
    useFactory: () => ({ name: 'people', environment, migrationsFolder }),
  });
  return NestFactory.createApplicationContext(
    { module: PeopleModule, imports: [database] },
    { abortOnError: false, logger: false },
  );
}

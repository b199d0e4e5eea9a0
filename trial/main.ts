import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { sql } from 'drizzle-orm';
import { DatabaseModule, DatabaseHealth, InjectDatabase } from '../libs/service-kit/src/database/index.js';
import type { Database } from '../libs/service-kit/src/database/index.js';
@Injectable() class Repo { constructor(@InjectDatabase() private readonly db: Database<{}>) {} q() { return this.db.execute(sql`select count(*) from a`); } }
@Module({ imports: [DatabaseModule.forRootAsync({ useFactory: () => ({ name: 'auth', url: process.env['DATABASE_URL'], dataDir: '/tmp/pgx/d2', migrationsFolder: '/tmp/pgx/mig', schema: {} }) })], providers: [Repo] })
class App {}
const app = await NestFactory.create(App); app.enableShutdownHooks(); await app.init();
console.log((await app.get(Repo).q()).rows, await app.get(DatabaseHealth).ping()); console.log(import.meta.url);
setTimeout(() => process.kill(process.pid, 'SIGTERM'), 300);

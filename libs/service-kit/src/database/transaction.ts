import type { Database } from './inject-database.js';

/** A transaction under way: what a repository method takes to be part of it. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

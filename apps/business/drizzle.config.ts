import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: 'apps/business/src/**/*.table.ts',
  out: 'apps/business/src/database/migrations',
});

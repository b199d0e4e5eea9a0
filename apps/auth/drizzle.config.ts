// Tables import what they share from a library's sources.
import '../../libs/service-kit/src/testing/typescript-imports.ts';
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: 'apps/auth/src/**/*.table.ts',
  out: 'apps/auth/src/database/migrations',
});

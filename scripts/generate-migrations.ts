/** `npm run db:generate [-- --name NAME]`: for every service whose tables have changed, the migration that does it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SERVICES } from './services.ts';

for (const service of SERVICES) {
  const config = join('apps', service, 'drizzle.config.ts');
  if (!existsSync(join(ROOT, config))) continue;
  const args = ['node_modules/drizzle-kit/bin.cjs', 'generate', '--config', config, ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  process.exitCode ||= status ?? 1;
}

/** `npm run build`: every service of nest-cli.json. */
import { build, SERVICES } from './services.ts';

for (const service of SERVICES) {
  build(service);
  process.stdout.write(`built ${service}\n`);
}

/** `npm run secrets`: every secret that a deployment needs, fresh, as lines for an env file. */
import { randomBytes } from 'node:crypto';
import { SERVICES } from './services.ts';

/** Of the owner of each service's database and of the service's own role, as docker-compose.yml names them. */
const PASSWORDS = SERVICES.map((name) => name.replaceAll('-', '_').toUpperCase()).flatMap((name) => [
  `${name}_DB_PASSWORD`,
  `${name}_DB_SERVICE_PASSWORD`,
]);
const HEX = ['JWT_SECRET', 'REVOCATION_FEED_KEY', ...PASSWORDS];
const BASE64 = ['REFRESH_TOKEN_SECRET', 'KEY_ENCRYPTION_KEY'];

for (const name of HEX) process.stdout.write(`${name}=${randomBytes(32).toString('hex')}\n`);
for (const name of BASE64) process.stdout.write(`${name}=${randomBytes(32).toString('base64')}\n`);

import { print, type RunCommand, table } from '@signet/service-kit';
import type { Command } from 'commander';
import { KeyRevocationService } from './key-revocation.service.js';
import { KeyDto } from './signing-keys.dto.js';
import { SigningKeysService, type KeysAt } from './signing-keys.service.js';

interface Options {
  readonly json?: true;
  readonly force?: true;
}

/** `keys …`: the key ring. */
export function addKeyCommands(program: Command, run: RunCommand): void {
  const keys = program.command('keys').description('The keys that access tokens are signed with');

  keys
    .command('list')
    .description('Lists all keys with their states: next, current, retiring, gone or revoked')
    .option('--json', 'as JSON')
    .action(({ json }: Options) =>
      run(SigningKeysService, async (service) => list(await service.read(), json)),
    );

  keys
    .command('rotate')
    .description('Publishes a new key, which takes over after KEY_PUBLISH_AHEAD seconds')
    .option('--json', 'as JSON')
    .action(({ json }: Options) =>
      run(SigningKeysService, async (service) => {
        const { key, isNew } = await service.rotate();
        const signsFrom = key.signsFrom.toISOString();
        print(json, { kid: key.kid, signs_from: signsFrom, created: isNew }, [
          isNew
            ? `Key ${key.kid} is published, and signs from ${signsFrom} on.`
            : `Key ${key.kid} is published already, and signs from ${signsFrom} on. Nothing was changed.`,
        ]);
      }),
    );

  keys
    .command('revoke')
    .description('Revokes a key at once: the tokens that it signed are refused everywhere')
    .argument('<kid>', 'as keys list shows it')
    .option('--force', 'even if services may be unable to fetch the new key in time')
    .option('--json', 'as JSON')
    .action((kid: string, { force, json }: Options) =>
      run(KeyRevocationService, async (service) => {
        const { was, signer } = await service.revoke(kid, force);
        print(json, { kid, was, signer: signer ?? null }, [
          `Key ${kid} (${was}) is revoked. Key ${signer} signs now; people can refresh.`,
        ]);
      }),
    );

  keys
    .command('reencrypt')
    .description('Encrypts with KEY_ENCRYPTION_KEY what is still encrypted with KEY_ENCRYPTION_KEY_PREVIOUS')
    .option('--json', 'as JSON')
    .action(({ json }: Options) =>
      run(SigningKeysService, async (service) => {
        const { reencrypted, unchanged } = await service.reencrypt();
        print(json, { reencrypted, unchanged }, [`${reencrypted} re-encrypted, ${unchanged} unchanged.`]);
      }),
    );
}

function list({ keys, now }: KeysAt, json?: boolean): void {
  const rows = keys.map((key) => KeyDto.of(key, keys, now));
  print(
    json,
    { keys: rows },
    table(
      rows,
      ['kid', 'algorithm', 'state', 'signs_from', 'signs_until', 'expires_at'],
      'There are no keys: under HS256 tokens are signed with JWT_SECRET, and under another algorithm the service makes the first key.',
    ),
  );
}

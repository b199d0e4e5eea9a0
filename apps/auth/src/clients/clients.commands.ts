import { print, table, type RunCommand } from '@signet/service-kit';
import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { ClientDto, ClientWithSecretDto } from './client.dto.js';
import { GrantOptions } from './grant-options.js';
import { ClientsService } from './clients.service.js';

const COLUMNS = ['client_id', 'grants', 'for_users', 'authentication', 'disabled', 'last_token'] as const;

interface JsonOption {
  readonly json?: true;
}

interface AddOptions extends JsonOption {
  readonly onBehalfOfUsers?: true;
  readonly publicKey?: string;
  readonly jwksUrl?: string;
  readonly serviceAccount?: string;
}

/** `clients …`: services that call others. */
export function addClientCommands(program: Command, run: RunCommand): void {
  const clients = program
    .command('clients')
    .description('OAuth clients: services that call others or receive account events');
  addAddCommand(clients, run);
  addSetCommand(clients, run);
  addListCommands(clients, run);
  addRotateCommand(clients, run);
  addSwitchCommands(clients, run);
}

function addAddCommand(clients: Command, run: RunCommand): void {
  const grants = new GrantOptions();
  const command = clients
    .command('add')
    .description(
      'Registers a service. Without a key or a service account it gets a secret, which is shown once',
    )
    .argument('<id>', 'the name of the service')
    .option('--on-behalf-of-users', "may exchange a user's token for its own, to call for that user")
    .option('--public-key <file>', 'its public key: a JWK or PEM')
    .option('--jwks-url <url>', 'where its public keys are')
    .option('--service-account <namespace/name>', 'its Kubernetes service account')
    .option('--json', 'as JSON');
  grants.addTo(command).action(async (id: string, { json, publicKey, ...options }: AddOptions) => {
    const registration = {
      ...options,
      id,
      grants: grants.read(command),
      onBehalfOfUsers: options.onBehalfOfUsers ?? false,
      publicKey: publicKey === undefined ? undefined : readFileSync(publicKey, 'utf8'),
    };
    await run(ClientsService, async (service) => {
      const added = await service.add(registration);
      const { secret } = added;
      print(json, ClientWithSecretDto.withSecret(added), [
        `Client ${id} is registered.`,
        ...(secret === undefined ? [] : secretLines(secret)),
      ]);
    });
  });
}

function addSetCommand(clients: Command, run: RunCommand): void {
  const options = new GrantOptions();
  const command = clients
    .command('set')
    .description('Replaces all that a client may ask for. What it loses, its tokens lose within a second')
    .argument('<id>')
    .option('--on-behalf-of-users', 'lets it exchange tokens of users')
    .option('--no-on-behalf-of-users', 'no longer lets it')
    .option('--json', 'as JSON');
  options
    .addTo(command)
    .action((id: string, { json, onBehalfOfUsers }: JsonOption & { onBehalfOfUsers?: boolean }) => {
      // What it may do for users can change by itself.
      const grants = options.isEmpty && onBehalfOfUsers !== undefined ? undefined : options.read(command);
      return run(ClientsService, async (service) => {
        const client = ClientDto.of((await service.change(id, { grants, onBehalfOfUsers })).client);
        print(json, client, table([rowOf(client)], COLUMNS));
      });
    });
}

function addListCommands(clients: Command, run: RunCommand): void {
  clients
    .command('list')
    .description('Lists all clients')
    .option('--json', 'as JSON')
    .action(({ json }: JsonOption) =>
      run(ClientsService, async (service) => {
        const all = (await service.list()).map((client) => ClientDto.of(client));
        print(json, { clients: all }, table(all.map(rowOf), COLUMNS));
      }),
    );

  clients
    .command('show')
    .description('Shows one client, without its secret')
    .argument('<id>')
    .option('--json', 'as JSON')
    .action((id: string, { json }: JsonOption) =>
      run(ClientsService, async (service) => {
        const client = ClientDto.of(await service.find(id));
        print(json, client, JSON.stringify(client, undefined, 2).split('\n'));
      }),
    );
}

function addRotateCommand(clients: Command, run: RunCommand): void {
  clients
    .command('rotate-secret')
    .description('Makes a new secret, which is shown once; the previous one stays valid for a week')
    .argument('<id>')
    .option('--now', 'end the old secrets and all tokens of the client at once')
    .option('--json', 'as JSON')
    .action((id: string, { now, json }: JsonOption & { now?: true }) =>
      run(ClientsService, async (service) => {
        const { client, secret = '' } = await service.change(id, { rotateSecret: now ? 'now' : 'overlap' });
        const until = client.previousSecretUntil?.toISOString() ?? null;
        print(json, { client_id: id, client_secret: secret, previous_secret_until: until }, [
          ...secretLines(secret),
          until === null
            ? 'The old secrets and all tokens of the client have ended.'
            : `The previous secret is good until ${until}.`,
        ]);
      }),
    );
}

function addSwitchCommands(clients: Command, run: RunCommand): void {
  const add = (
    name: string,
    description: string,
    status: string,
    work: (service: ClientsService, id: string) => Promise<unknown>,
  ) =>
    clients
      .command(name)
      .description(description)
      .argument('<id>')
      .option('--json', 'as JSON')
      .action((id: string, { json }: JsonOption) =>
        run(ClientsService, async (service) => {
          await work(service, id);
          print(json, { client_id: id, status }, [`Client ${id} is ${status}.`]);
        }),
      );
  const refusal = 'Refuses the client and all of its tokens everywhere, within a second';
  add('disable', refusal, 'disabled', (service, id) => service.change(id, { disabled: true }));
  const admission = 'Admits the client again; its older tokens stay refused';
  add('enable', admission, 'enabled', (service, id) => service.change(id, { disabled: false }));
  const removal = 'Removes the client; all of its tokens are refused';
  add('remove', removal, 'removed', (service, id) => service.remove(id));
}

function secretLines(secret: string): string[] {
  return [`Secret: ${secret}`, 'It is not shown again. Give it to the service as CLIENT_SECRET.'];
}

function rowOf(client: ClientDto) {
  return {
    client_id: client.client_id,
    grants: client.grants.map(({ audience, scopes }) => `${audience}[${scopes.join(' ')}]`).join(' '),
    for_users: client.on_behalf_of_users ? 'yes' : 'no',
    authentication: client.authentication,
    disabled: client.disabled ? 'yes' : 'no',
    last_token: client.last_token_at,
  };
}

import { InjectDatabase, type Database, type Transaction } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AuditRepository, type AuditEvent } from '../audit/audit.repository.js';
import { doneBy, OPERATOR, type Doer } from '../audit/doer.js';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { EventStreamsRepository } from '../events/event-streams.repository.js';
import { RevocationsService, type RevocationTarget } from '../revocation/revocations.service.js';
import { mayReceiveEvents, type ClientGrant } from './client-grant.js';
import { isClientId } from './client-id.js';
import {
  assertClientId,
  assertGrants,
  storedCredentials,
  type ClientRegistration,
} from './client-registration.js';
import { ClientSecretsService } from './client-secrets.service.js';
import { clientExists, clientHasNoSecret, clientNotFound, serviceAccountTaken } from './clients.errors.js';
import { ClientsRepository, type Client } from './clients.repository.js';

/** For how long the previous secret stays good after a rotation: a week, so that no deployment is in a hurry. */
const SECRET_OVERLAP_SECONDS = 7 * 86_400;

export interface ClientChange {
  readonly grants?: readonly ClientGrant[] | undefined;
  readonly onBehalfOfUsers?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  readonly rotateSecret?: SecretRotation | undefined;
}

/**
 * What becomes of the secret before the new one. `overlap`: it stays good for {@link SECRET_OVERLAP_SECONDS}, so that a
 * service can be given the new one without an interruption. `now`: the old secrets and all tokens of the client end.
 */
export type SecretRotation = 'overlap' | 'now';

/** A client, with its secret if one was made: it is shown now or never. */
export interface ClientWithSecret {
  readonly client: Client;
  readonly secret: string | undefined;
}

/** Registers and changes clients. Every change is audited, and what it revokes is revoked in the same transaction. */
@Injectable()
export class ClientsService {
  constructor(
    @InjectDatabase() private readonly db: Database,
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly clients: ClientsRepository,
    private readonly secrets: ClientSecretsService,
    private readonly revocations: RevocationsService,
    private readonly audit: AuditRepository,
    private readonly streams: EventStreamsRepository,
  ) {}

  list(): Promise<Client[]> {
    return this.clients.list();
  }

  /** @throws {ProblemException} 404 `CLIENT_NOT_FOUND` */
  async find(id: string): Promise<Client> {
    const client = isClientId(id) ? await this.clients.findById(id) : undefined;
    if (!client) throw clientNotFound(id);
    return client;
  }

  /** @throws {ProblemException} when it is not valid, or the id or the service account is taken */
  async add(registration: ClientRegistration, doer: Doer = OPERATOR): Promise<ClientWithSecret> {
    const { id, grants, onBehalfOfUsers } = registration;
    assertClientId(id, this.config.JWT_OWN_AUDIENCE);
    assertGrants(grants, this.config.JWT_OWN_AUDIENCE);
    const credentials = storedCredentials(registration, this.config.NODE_ENV === 'production');
    const needsSecret = Object.values(credentials).every((value) => value === null);
    const made = needsSecret ? this.secrets.make() : undefined;
    const secretHash = made?.hash ?? null;
    await this.db
      .transaction(async (tx) => {
        const client = { id, grants, onBehalfOfUsers, secretHash, ...credentials };
        if (!(await this.clients.addUnlessTaken(tx, client))) throw clientExists(id);
        if (mayReceiveEvents(grants)) await this.streams.open(id, {}, tx);
        await this.record(tx, 'client_added', id, doer);
      })
      .catch((error: unknown) => {
        throw isServiceAccountTaken(error) ? serviceAccountTaken(credentials.serviceAccount) : error;
      });
    return { client: await this.find(id), secret: made?.secret };
  }

  /**
   * Changes grants, the secret, and whether the client is disabled. Tokens that it holds keep what they allow until they
   * expire, unless it loses a scope, an audience or the right to act for users, or is disabled: then they end now, and
   * stay dead when it is enabled again.
   *
   * @throws {ProblemException} when there is no such client, or the change is not valid
   */
  async change(id: string, change: ClientChange, doer: Doer = OPERATOR): Promise<ClientWithSecret> {
    const { grants, onBehalfOfUsers, disabled, rotateSecret } = change;
    if (grants !== undefined) assertGrants(grants, this.config.JWT_OWN_AUDIENCE);
    const made = rotateSecret && this.secrets.make();
    await this.revocations.commit(async (tx) => {
      const client = await this.lock(tx, id);
      const loses = losesRights(client, change) || rotateSecret === 'now';
      if (made) await this.rotate(tx, client, made.hash, rotateSecret, doer);
      if (grants !== undefined || onBehalfOfUsers !== undefined) {
        const set = { ...(grants && { grants }), ...(onBehalfOfUsers !== undefined && { onBehalfOfUsers }) };
        await this.clients.update(tx, id, set);
        if (grants !== undefined) await this.openOrCloseStream(tx, client, grants);
        await this.record(tx, 'client_changed', id, doer);
      }
      if (loses) await this.clients.endTokens(tx, id);
      const targets = disabled === undefined ? [] : await this.switch(tx, client, disabled, doer);
      return loses ? [...targets, tokensOf(id)] : targets;
    });
    return { client: await this.find(id), secret: made?.secret };
  }

  /** @throws {ProblemException} when there is no such client */
  async remove(id: string, doer: Doer = OPERATOR): Promise<void> {
    await this.revocations.commit(async (tx) => {
      await this.lock(tx, id);
      await this.clients.remove(tx, id);
      await this.streams.close(id, tx);
      await this.record(tx, 'client_removed', id, doer);
      return [tokensOf(id)];
    });
  }

  /** A client hears of account events from when it is given the scope `events` until it loses it. */
  private async openOrCloseStream(
    tx: Transaction,
    client: Client,
    grants: readonly ClientGrant[],
  ): Promise<void> {
    const [before, after] = [client.grants, grants].map((all) => mayReceiveEvents(all));
    if (before === after) return;
    if (after) await this.streams.open(client.id, {}, tx);
    else await this.streams.close(client.id, tx);
  }

  private async rotate(
    tx: Transaction,
    { id, secretHash }: Client,
    hash: Buffer,
    how: SecretRotation,
    doer: Doer,
  ): Promise<void> {
    if (secretHash === null) throw clientHasNoSecret(id);
    await this.record(tx, 'client_secret_rotated', id, doer);
    if (how === 'now') await this.clients.replaceSecret(tx, id, hash);
    else await this.clients.rotateSecret(tx, id, hash, SECRET_OVERLAP_SECONDS);
  }

  private async switch(
    tx: Transaction,
    { id, disabledAt }: Client,
    disabled: boolean,
    doer: Doer,
  ): Promise<RevocationTarget[]> {
    if (disabled === (disabledAt !== null)) return [];
    await this.record(tx, disabled ? 'client_disabled' : 'client_enabled', id, doer);
    if (disabled) await this.clients.disable(tx, id);
    else await this.clients.enable(tx, id);
    return disabled ? [tokensOf(id)] : [];
  }

  private async lock(tx: Transaction, id: string): Promise<Client> {
    // What cannot be an id may be no text for PostgreSQL either.
    const client = isClientId(id) ? await this.clients.lock(tx, id) : undefined;
    if (!client) throw clientNotFound(id);
    return client;
  }

  private record(tx: Transaction, event: AuditEvent['event'], subject: string, doer: Doer): Promise<void> {
    return this.audit.record(tx, doneBy(doer, event, { subject }));
  }
}

function tokensOf(id: string): RevocationTarget {
  return { kind: 'client', id };
}

function losesRights(client: Client, { grants, onBehalfOfUsers }: ClientChange): boolean {
  if (client.onBehalfOfUsers && onBehalfOfUsers === false) return true;
  if (grants === undefined) return false;
  return client.grants.some(({ audience, scopes }) => {
    const kept = grants.find((grant) => grant.audience === audience)?.scopes;
    return kept === undefined || scopes.some((scope) => !kept.includes(scope));
  });
}

function isServiceAccountTaken(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string; constraint?: string } };
  return cause?.code === '23505' && (cause.constraint ?? '').includes('service_account');
}

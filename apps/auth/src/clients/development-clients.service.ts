import { developmentDefaults, InjectDatabase, type Database } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import { AuditRepository } from '../audit/audit.repository.js';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { EVENTS_SCOPE, isAudience, type ClientGrant } from './client-grant.js';
import { isClientId } from './client-id.js';
import { ClientSecretsService } from './client-secrets.service.js';
import { ClientsRepository, type AuthenticatableClient } from './clients.repository.js';

/**
 * In development the services of a workspace share one `CLIENT_SECRET`, made once, and auth registers each of them when
 * it first asks for a token, so that `npm start` needs no question. What a service asks for becomes its grant: `clients
 * list` shows what to give it in production, where all of this is off.
 */
@Injectable()
export class DevelopmentClientsService {
  private readonly secret: string | undefined;
  private readonly ownAudience: string;

  constructor(
    @InjectDatabase() private readonly db: Database,
    @Inject(authConfig.KEY) config: AuthConfig,
    private readonly clients: ClientsRepository,
    private readonly secrets: ClientSecretsService,
    private readonly audit: AuditRepository,
  ) {
    this.ownAudience = config.JWT_OWN_AUDIENCE;
    // Whatever credential stands in auth's environment, it is the one that the others share.
    const isProduction = config.NODE_ENV === 'production';
    this.secret = isProduction
      ? undefined
      : developmentDefaults('auth', ['CLIENT_SECRET'], {})['CLIENT_SECRET']?.();
  }

  /**
   * Registers a client that is not known and shows the secret of the workspace.
   *
   * @returns nothing in production, for another secret, or when there is such a client with a credential of its own
   */
  async register(
    id: string,
    secret: string,
    known: AuthenticatableClient | undefined,
  ): Promise<AuthenticatableClient | undefined> {
    if (this.secret === undefined || known || !isClientId(id) || id === this.ownAudience) return undefined;
    if (!isEqual(secret, this.secret)) return undefined;
    const client = { id, grants: [], onBehalfOfUsers: true, secretHash: this.secrets.hash(secret) };
    await this.db.transaction(async (tx) => {
      const isNew = await this.clients.addUnlessTaken(tx, client);
      if (isNew) await this.audit.record(tx, { event: 'client_added', outcome: 'ok', subject: id });
    });
    return this.clients.findToAuthenticate(id);
  }

  /**
   * Gives a client that shares the workspace's secret what it asks for.
   *
   * @returns all that it may ask for then; nothing for any other client, for auth itself, or in production
   */
  async grant(
    id: string,
    audience: string,
    scopes: readonly string[],
  ): Promise<readonly ClientGrant[] | undefined> {
    return audience === this.ownAudience || !isAudience(audience)
      ? undefined
      : this.extend(id, audience, scopes);
  }

  /** Lets a client that shares the workspace's secret receive account events. @returns whether it is one */
  async allowEvents(id: string): Promise<boolean> {
    return (await this.extend(id, this.ownAudience, [EVENTS_SCOPE])) !== undefined;
  }

  private async extend(
    id: string,
    audience: string,
    scopes: readonly string[],
  ): Promise<readonly ClientGrant[] | undefined> {
    if (this.secret === undefined) return undefined;
    const hash = this.secrets.hash(this.secret);
    return this.db.transaction(async (tx) => {
      const client = await this.clients.lock(tx, id);
      if (!client?.secretHash?.equals(hash)) return undefined;
      const others = client.grants.filter((grant) => grant.audience !== audience);
      const known = client.grants.find((grant) => grant.audience === audience)?.scopes ?? [];
      const grant = { audience, scopes: [...new Set([...known, ...scopes])] };
      const grants = [...others, grant];
      await this.clients.update(tx, id, { grants });
      return grants;
    });
  }
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(left!, right!);
}

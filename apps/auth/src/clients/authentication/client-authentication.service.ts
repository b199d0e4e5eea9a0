import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable, Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AuditRepository } from '../../audit/audit.repository.js';
import { addressOf, originOf, requesterOf } from '../../audit/requester.js';
import type { ClientGrant } from '../client-grant.js';
import { isClientId } from '../client-id.js';
import { clientKeysUnavailable } from '../clients.errors.js';
import { ClientSecretsService } from '../client-secrets.service.js';
import { ClientsRepository, type AuthenticatableClient } from '../clients.repository.js';
import { DevelopmentClientsService } from '../development-clients.service.js';
import { invalidClient, OAuthError } from '../oauth-error.js';
import { KeysUnreachable } from './assertion-keys.js';
import { readAssertion } from './assertion.js';
import { ClientAuthenticationMetrics } from './authentication.metrics.js';
import { AuthenticationThrottleService } from './authentication-throttle.service.js';
import { credentialOf, type Credential } from './credential.js';
import { PrivateKeyJwtService } from './private-key-jwt.service.js';
import { ServiceAccountTokensService } from './service-account-tokens.service.js';

/** A client that has proved who it is, and what it may ask for. */
export interface AuthenticatedClient {
  readonly clientId: string;
  /** Tells it from a later client of the same id. */
  readonly createdAt: string;
  readonly grants: readonly ClientGrant[];
  readonly onBehalfOfUsers: boolean;
  /** Of the secret by which it has; undefined: by something else. */
  readonly secretHash?: Buffer | undefined;
  /** Whether all this was read for an earlier request, and may have changed. */
  readonly isRemembered: boolean;
}

/** Whom a credential claims to be of, and the client if it is true. */
interface Claim {
  /** As it was sent; counts failures. */
  readonly claimed: string;
  readonly known: AuthenticatableClient | undefined;
  readonly isProved: boolean;
  readonly secretHash?: Buffer;
}

export type AuthenticatableRequest = Pick<FastifyRequest, 'headers' | 'body' | 'ip' | 'socket'>;

/** More are forgotten: those that came first are then read again. */
const MAX_REMEMBERED = 1000;

/** Decides which client a request is of: by its secret, its own signature or its service account. */
@Injectable()
export class ClientAuthenticationService {
  private readonly logger = new Logger('ClientAuthentication');
  /** By id: clients as they were when they last showed a secret. */
  private readonly remembered = new Map<string, AuthenticatedClient>();

  constructor(
    @InjectDatabase() private readonly db: Database,
    private readonly clients: ClientsRepository,
    private readonly secrets: ClientSecretsService,
    private readonly assertions: PrivateKeyJwtService,
    private readonly serviceAccounts: ServiceAccountTokensService,
    private readonly development: DevelopmentClientsService,
    private readonly throttle: AuthenticationThrottleService,
    private readonly metrics: ClientAuthenticationMetrics,
    private readonly audit: AuditRepository,
  ) {}

  /**
   * Authenticates the client of a request; the same work whether or not there is such a client.
   *
   * @throws {OAuthError} 401 `invalid_client`, the same for every cause; `invalid_request` when it cannot be read
   * @throws {ProblemException} 429 after too many failures, 503 when the client's keys cannot be fetched
   */
  async authenticate(request: AuthenticatableRequest): Promise<AuthenticatedClient> {
    const credential = credentialOf(request);
    const { claimed, known, isProved, secretHash } = await this.check(credential);
    if (!known || !isProved || known.isDisabled) return this.refuse(request, claimed, known);
    this.metrics.counts.ok++;
    const { id: clientId, createdAt, grants, onBehalfOfUsers } = known;
    const client = { clientId, createdAt, grants, onBehalfOfUsers, secretHash, isRemembered: false };
    if (secretHash) this.remember({ ...client, isRemembered: true });
    return client;
  }

  /**
   * Does work that shows, by a statement of its own, that the client of the request is still what it is taken for. A client
   * that has shown the same secret before is taken from memory, without a question to the database; as it may have
   * changed since, whatever it is refused then is decided again on the client that {@link authenticate} finds.
   *
   * @throws what `authenticate` and the work throw
   */
  async asClientOf<T>(
    request: AuthenticatableRequest,
    work: (client: AuthenticatedClient) => Promise<T>,
  ): Promise<T> {
    const remembered = this.recall(request);
    if (!remembered) return work(await this.authenticate(request));
    try {
      const result = await work(remembered);
      this.metrics.counts.ok++;
      return result;
    } catch (error) {
      if (error instanceof OAuthError) return work(await this.authenticate(request));
      // It was let in all the same, and then had too many tokens, for example.
      this.metrics.counts.ok++;
      throw error;
    }
  }

  /**
   * Looks again at a client that was authenticated some time ago: it is still the same one, and what it proved itself by
   * has not been withdrawn.
   *
   * @returns the client as it is now
   * @throws {OAuthError} 401 `invalid_client`
   */
  async recheck({ clientId, createdAt, secretHash }: AuthenticatedClient): Promise<AuthenticatableClient> {
    const client = await this.find(clientId);
    if (!client || client.isDisabled || client.createdAt !== createdAt) throw invalidClient();
    const hashes = [client.secretHash, client.previousSecretHash];
    if (secretHash && !hashes.some((hash) => hash?.equals(secretHash))) throw invalidClient();
    return client;
  }

  private recall(request: AuthenticatableRequest): AuthenticatedClient | undefined {
    const credential = credentialOf(request);
    if (credential.kind !== 'secret') return undefined;
    const client = this.remembered.get(credential.clientId);
    const { match } = this.secrets.compare(credential.secret, [client?.secretHash]);
    return match === 'current' ? client : undefined;
  }

  private remember(client: AuthenticatedClient): void {
    const { clientId } = client;
    this.remembered.delete(clientId);
    this.remembered.set(clientId, client);
    if (this.remembered.size > MAX_REMEMBERED) this.remembered.delete(this.remembered.keys().next().value!);
  }

  private async check(credential: Credential): Promise<Claim> {
    if (credential.kind === 'secret') return this.checkSecret(credential);
    const { assertion } = credential;
    const read = readAssertion(assertion);
    const claimed = read?.subject ?? '';
    try {
      if (read === undefined) return { claimed, known: undefined, isProved: false };
      const claim =
        read.issuer === this.serviceAccounts.issuer
          ? await this.checkServiceAccount(assertion, claimed)
          : await this.checkSignature(assertion, claimed);
      const { clientId } = credential;
      return clientId === undefined || clientId === claim.known?.id ? claim : { ...claim, isProved: false };
    } catch (error) {
      throw error instanceof KeysUnreachable ? this.keysUnavailable(error) : error;
    }
  }

  private async checkSecret({ clientId, secret }: Credential & { kind: 'secret' }): Promise<Claim> {
    const known = await this.find(clientId);
    const hashes = [known?.secretHash, known?.previousSecretHash];
    const { match, hash } = this.secrets.compare(secret, hashes);
    if (match !== 'none') {
      if (match === 'outdated-key') await this.hashAnew(clientId, secret, hashes);
      return { claimed: clientId, known, isProved: true, secretHash: hash };
    }
    const inDevelopment = await this.development.register(clientId, secret, known);
    return { claimed: clientId, known: inDevelopment ?? known, isProved: inDevelopment !== undefined };
  }

  private async checkSignature(assertion: string, claimed: string): Promise<Claim> {
    const known = await this.find(claimed);
    return { claimed, known, isProved: await this.assertions.isGood(assertion, claimed, known) };
  }

  private async checkServiceAccount(token: string, claimed: string): Promise<Claim> {
    const account = await this.serviceAccounts.accountOf(token);
    const known = account === undefined ? undefined : await this.clients.findByServiceAccount(account);
    return { claimed, known, isProved: known !== undefined };
  }

  /** What cannot be an id is looked up as one that cannot be given, so that the work is the same. */
  private find(id: string): Promise<AuthenticatableClient | undefined> {
    return this.clients.findToAuthenticate(isClientId(id) ? id : '-');
  }

  private async hashAnew(
    id: string,
    secret: string,
    hashes: readonly (Buffer | null | undefined)[],
  ): Promise<void> {
    for (const hash of hashes) {
      if (hash && this.secrets.compare(secret, [hash]).match !== 'none')
        await this.clients.replaceHash(id, hash, this.secrets.hash(secret));
    }
  }

  private async refuse(
    request: AuthenticatableRequest,
    claimed: string,
    known: AuthenticatableClient | undefined,
  ): Promise<never> {
    const tooMany = this.throttle.refusalOf(claimed, addressOf(request));
    this.metrics.counts[tooMany ? 'throttled' : 'failed']++;
    if (tooMany) throw tooMany;
    const origin = originOf(requesterOf(request));
    // An id that is not known is not written down: it may be a secret in the wrong place.
    const event = { event: 'client_authentication', outcome: 'failed', subject: known?.id ?? null } as const;
    await this.throttle.fail(claimed, addressOf(request));
    await this.audit.record(this.db, { ...event, ...origin });
    throw invalidClient();
  }

  private keysUnavailable(error: KeysUnreachable) {
    this.logger.warn(error.message);
    return clientKeysUnavailable();
  }
}

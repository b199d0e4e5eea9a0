import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  ClientAuthenticationService,
  type AuthenticatedClient,
} from '../clients/authentication/client-authentication.service.js';
import { mayReceiveEvents } from '../clients/client-grant.js';
import { DevelopmentClientsService } from '../clients/development-clients.service.js';
import { OAuthError } from '../clients/oauth-error.js';
import { EventStreamsRepository } from '../events/event-streams.repository.js';
import { notAReceiver, receiverUnknown } from './shared-signals.errors.js';

const RECEIVERS = new WeakMap<object, AuthenticatedClient>();

/** Lets clients in that have the scope `events`, by client authentication: a secret, or an assertion (RFC 7523). */
@Injectable()
export class ReceiverGuard implements CanActivate {
  constructor(
    private readonly authenticator: ClientAuthenticationService,
    private readonly development: DevelopmentClientsService,
    private readonly streams: EventStreamsRepository,
  ) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const client = await orUnknown(this.authenticator.authenticate(request));
    if (!mayReceiveEvents(client.grants) && !(await this.allowInDevelopment(client.clientId)))
      throw notAReceiver();
    RECEIVERS.set(request, client);
    return true;
  }

  /** Whether the receiver that was let in with a request still may. @throws {ProblemException} */
  async check(request: object): Promise<void> {
    const { grants } = await orUnknown(this.authenticator.recheck(receiverOf(request)));
    if (!mayReceiveEvents(grants)) throw notAReceiver();
  }

  /** The services of a workspace need no registration. */
  private async allowInDevelopment(clientId: string): Promise<boolean> {
    if (!(await this.development.allowEvents(clientId))) return false;
    await this.streams.open(clientId);
    return true;
  }
}

/** The id of the client that {@link ReceiverGuard} has let in. */
export const Receiver = createParamDecorator(
  (_: unknown, context: ExecutionContext): string =>
    receiverOf(context.switchToHttp().getRequest<object>()).clientId,
);

function receiverOf(request: object): AuthenticatedClient {
  const client = RECEIVERS.get(request);
  if (client === undefined) throw new Error('ReceiverGuard does not guard this route');
  return client;
}

/** A client that was refused, in the words of these routes. */
async function orUnknown<Client>(authenticated: Promise<Client>): Promise<Client> {
  try {
    return await authenticated;
  } catch (error) {
    throw error instanceof OAuthError ? receiverUnknown(error) : error;
  }
}

import { Inject, Logger, Module, type DynamicModule, type OnModuleInit, type Provider } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { CallerInterceptor } from './caller.interceptor.js';
import { readIdentity } from './identity/read-identity.js';
import type { ClientIdentity } from './identity/client-identity.js';
import { serviceToken } from './inject-service.decorator.js';
import { ServiceClient } from './service-client.js';
import type { ServiceClientOptions } from './service-client.options.js';
import { TokenEndpoint } from './tokens/token-endpoint.js';

/** What all clients of a service have in common, made when the application starts. */
interface Connection {
  readonly identity: ClientIdentity | undefined;
  readonly endpoint: TokenEndpoint;
}

const CONNECTION = Symbol('service client connection');
const DEFAULT_MAX_TOKENS = 10_000;
const DEFAULT_AUTH_URL = 'http://localhost:3000';

/** The services that this one calls, for the whole application. */
@Module({})
export class ServiceClientModule implements OnModuleInit {
  private readonly logger = new Logger(ServiceClientModule.name);

  constructor(@Inject(CONNECTION) private readonly connection: Connection) {}

  /**
   * @example
   * imports: [ServiceClientModule.forRoot({ services: { business: { url: 'http://business:3001' } } })]
   * @throws {TypeError} at the start of the application, when a setting is wrong; the message names it
   */
  static forRoot(options: ServiceClientOptions): DynamicModule {
    const doFetch = options.fetch ?? fetch;
    const clients = Object.entries(options.services).map(([name, service]): Provider => ({
      provide: serviceToken(name),
      inject: [CONNECTION],
      useFactory: ({ endpoint }: Connection) =>
        new ServiceClient(name, service, endpoint, options.maxTokens ?? DEFAULT_MAX_TOKENS, doFetch),
    }));
    return {
      module: ServiceClientModule,
      global: true,
      providers: [
        // Read when the application starts, as what fills the environment may run after imports.
        { provide: CONNECTION, useFactory: () => connect(options, doFetch) },
        { provide: APP_INTERCEPTOR, useClass: CallerInterceptor },
        ...clients,
      ],
      exports: Object.keys(options.services).map((name) => serviceToken(name)),
    };
  }

  onModuleInit(): void {
    const { identity } = this.connection;
    if (identity) this.logger.log(`Calls other services as ${identity.clientId}`);
    else
      this.logger.warn(
        'Neither CLIENT_SECRET, CLIENT_KEY_FILE nor CLIENT_ASSERTION_FILE is set: this service can call no other',
      );
  }
}

function connect(options: ServiceClientOptions, doFetch: typeof fetch): Connection {
  const authUrl = (options.authUrl ?? (process.env['AUTH_URL'] || DEFAULT_AUTH_URL)).replace(/\/+$/, '');
  const issuer = options.issuer ?? (process.env['JWT_ISSUER'] || authUrl);
  const identity = readIdentity(options, issuer);
  return {
    identity,
    endpoint: new TokenEndpoint({ url: `${authUrl}/oauth/token`, identity, fetch: doFetch }),
  };
}

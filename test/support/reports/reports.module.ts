import { AllowClients, JwtSharedModule, Principal, type Principal as Caller } from '@signet/jwt-shared';
import { InjectService, ServiceClient, ServiceClientModule } from '@signet/service-client';
import { ServiceKitModule } from '@signet/service-kit';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { reportsConfig } from './reports.config.js';

/** What another service has answered, and the token that it was called with. */
interface Called {
  readonly status: number;
  readonly body: unknown;
  readonly token: string | undefined;
}

let lastToken: string | undefined;

/** Remembers what it sends, for the tests to look at. */
const watchedFetch: typeof fetch = (input, init) => {
  const authorization = new Headers(init?.headers).get('authorization') ?? '';
  if (authorization.startsWith('Bearer ')) lastToken = authorization.slice('Bearer '.length);
  return fetch(input, init);
};

@Injectable()
class ReportsService {
  constructor(@InjectService('business') private readonly business: ServiceClient) {}

  async ofUser(): Promise<Called> {
    return called(await this.business.fetch('/tasks'));
  }

  async ofAll(): Promise<Called> {
    return called(await this.business.asSelf().fetch('/statistics'));
  }
}

@Controller()
class ReportsController {
  constructor(private readonly reports: ReportsService) {}

  @Get('report')
  report(): Promise<Called> {
    return this.reports.ofUser();
  }

  @Get('statistics')
  statistics(): Promise<Called> {
    return this.reports.ofAll();
  }

  @AllowClients('gateway')
  @Get('whoami')
  whoAmI(@Principal() caller: Caller): object {
    return { kind: caller.kind, scopes: caller.scopes };
  }
}

@Module({
  imports: [
    ServiceKitModule.forRoot({ name: 'reports', config: reportsConfig }),
    JwtSharedModule.forRoot(),
    ServiceClientModule.forRoot({
      services: { business: { url: process.env['BUSINESS_URL'] ?? 'http://localhost:3001' } },
      fetch: watchedFetch,
    }),
  ],
  controllers: [ReportsController],
  providers: [ReportsService],
})
export class ReportsModule {}

async function called(response: Response): Promise<Called> {
  return { status: response.status, body: await response.json(), token: lastToken };
}

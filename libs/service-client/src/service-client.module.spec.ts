import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ExpressAdapter } from '@nestjs/platform-express';
import { setTimeout as delay } from 'node:timers/promises';
import { InjectService } from './inject-service.decorator.js';
import { ServiceClient } from './service-client.js';
import { ServiceClientModule } from './service-client.module.js';
import { FakeServer, fakeAuth, json } from './spec-support/fake-http.js';

/** Stands in for the guard: lets everything in, and says who calls. */
@Injectable()
class Guard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; user?: object }>();
    const kind = request.headers['x-kind'];
    if (kind !== undefined) request.user = { principal: { kind } };
    return true;
  }
}

/** A singleton that is asked deep inside of a request. */
@Injectable()
class Reports {
  constructor(@InjectService('business') private readonly business: ServiceClient) {}

  async make(): Promise<number> {
    await delay(5);
    return (await this.business.fetch('/tasks')).status;
  }
}

@Controller()
class ReportsController {
  constructor(private readonly reports: Reports) {}

  @Get('report')
  async report(): Promise<object> {
    return { status: await this.reports.make() };
  }
}

describe.each(['Fastify', 'Express'])('ServiceClientModule on %s', (platform) => {
  let auth: FakeServer;
  let business: FakeServer;
  let app: NestFastifyApplication;
  let url: string;
  beforeEach(async () => {
    auth = await FakeServer.start(({ body }, response) => {
      const token = new URLSearchParams(body).get('subject_token');
      json(response, 200, { access_token: `for-${token}`, token_type: 'Bearer', expires_in: 300 });
    });
    business = await FakeServer.start((_, response) => json(response, 200, {}));
    @Module({
      imports: [
        ServiceClientModule.forRoot({
          services: { business: { url: business.url } },
          authUrl: auth.url,
          clientId: 'reports',
          clientSecret: 'secret',
        }),
      ],
      controllers: [ReportsController],
      providers: [Reports, { provide: APP_GUARD, useClass: Guard }],
    })
    class App {}
    const adapter = platform === 'Fastify' ? new FastifyAdapter() : new ExpressAdapter();
    app = await NestFactory.create<NestFastifyApplication>(App, adapter as FastifyAdapter, { logger: false });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterEach(() => Promise.all([app.close(), auth.stop(), business.stop()]));

  const report = (headers: Record<string, string>) => fetch(`${url}/report`, { headers });

  it('calls for the user of each request, also when many are under way', async () => {
    const users = Array.from({ length: 30 }, (_, index) => `user-${index}`);
    const answers = await Promise.all(
      users.map((user) =>
        report({ authorization: `Bearer ${user}`, 'x-kind': 'user', 'x-request-id': user }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(users.map(() => 200));
    const sent = business.seen.map(
      ({ headers }) => `${String(headers['x-request-id'])} ${headers.authorization}`,
    );
    expect(new Set(sent)).toEqual(new Set(users.map((user) => `${user} Bearer for-${user}`)));
  });

  it.each([
    ['a client that acts for itself', { authorization: 'Bearer client-token', 'x-kind': 'client' }],
    ['a caller whom no guard has let in', { authorization: 'Bearer unverified' }],
  ])('does not act for %s', async (_, headers) => {
    const response = await report(headers);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: 'SERVICE_CALL_DENIED' });
    expect([...auth.seen, ...business.seen]).toEqual([]);
  });

  it('passes on a trace that is one, and nothing else', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const user = { authorization: 'Bearer user', 'x-kind': 'user' };
    await report({ ...user, traceparent });
    await report({ ...user, traceparent: 'nonsense', cookie: 'session=1' });
    expect(business.seen.map(({ headers }) => headers['traceparent'])).toEqual([traceparent, undefined]);
    expect(business.seen[1]?.headers).not.toHaveProperty('cookie');
  });
});

describe('ServiceClientModule without an identity', () => {
  it('starts, and calls no service', async () => {
    const auth = await fakeAuth();
    @Module({
      imports: [
        ServiceClientModule.forRoot({
          services: { business: { url: 'http://127.0.0.1:1' } },
          authUrl: auth.url,
        }),
      ],
    })
    class App {}
    const app = await NestFactory.createApplicationContext(App, { logger: false });
    const business = app.get<ServiceClient>('SIGNET_SERVICE_business');
    await expect(business.asSelf().fetch('/tasks')).rejects.toThrow('this service has no CLIENT_SECRET');
    expect(auth.seen).toEqual([]);
    await app.close();
    await auth.stop();
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { deploy, PASSWORD, signUp, undeploy, type Deployment } from '../support/deployment.js';
import { request } from '../support/http.js';
import { listen } from '../support/listen.js';
import { logLines } from '../support/log-lines.js';
import { OtlpReceiver } from '../support/otlp-receiver.js';
import type { RunningService } from '../support/service.js';
import { AuthReplicas } from '../support/sessions.js';

const hex = (bytes: number) => randomBytes(bytes).toString('hex');
const SERVER = 2;

/** Says on standard error which of the built files with OpenTelemetry the process asks for. */
const TELLS_MODULES = `--import data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ resolve(name, context, next) {
    if (name.includes('opentelemetry')) process.stderr.write('loads ' + name + '\\n');
    return next(name, context);
  } });`)}`;

describe('with OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  let receiver: OtlpReceiver;
  let deployment: Deployment;
  const traceId = hex(16);
  const parent = hex(8);
  const headers = { traceparent: `00-${traceId}-${parent}-01`, tracestate: 'vendor=whatever-was-typed' };
  let token: string;

  beforeAll(async () => {
    receiver = await OtlpReceiver.start();
    deployment = await deploy({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, NODE_OPTIONS: TELLS_MODULES });
    const { auth, business } = deployment;
    token = await signUp(deployment, 'ada@example.com');
    const body = { email: 'ada@example.com', password: PASSWORD };
    await request('POST', `${auth.url}/auth/login`, { body, headers });
    await request('GET', `${business.url}/dashboard?secret=in-the-query`, { token, headers });
    await request('GET', `${business.url}/tasks/0199c0de-0000-7000-8000-000000000000`, { token, headers });
    await request('GET', `${business.url}/dashboard`, { token, headers: { traceparent: 'not-a-trace' } });
    await request('GET', `${business.url}/no/such/path`, { headers });
    await Promise.all([auth.stop(), business.stop()]);
  });
  afterAll(async () => {
    await undeploy(deployment);
    await receiver.close();
  });

  it("makes the spans of both services part of the caller's trace", () => {
    const spans = receiver.spans.filter((span) => span.traceId === traceId);
    const seen = spans.map(({ service, name, parentSpanId, kind, attributes }) => ({
      at: `${service}: ${name}`,
      parentSpanId,
      kind,
      status: attributes['http.response.status_code'],
    }));
    const common = { parentSpanId: parent, kind: SERVER };
    expect(seen).toHaveLength(4);
    expect(seen).toEqual(
      expect.arrayContaining([
        { ...common, at: 'auth: POST /auth/login', status: 200 },
        { ...common, at: 'business: GET /dashboard', status: 200 },
        { ...common, at: 'business: GET /tasks/:id', status: 404 },
        { ...common, at: 'business: GET /*', status: 401 },
      ]),
    );
  });

  it('begins a trace where the caller names none, or not a trace', () => {
    const own = receiver.spans.filter((span) => span.traceId !== traceId);
    expect(own.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['POST /auth/register', 'POST /auth/login', 'GET /dashboard']),
    );
    expect(new Set(own.map((span) => span.parentSpanId ?? ''))).toEqual(new Set(['']));
  });

  it('says method, route and status of a request, and nothing else', () => {
    // A poll for events that waits when the services stop ends without an answer, which its span says besides.
    const answered = receiver.spans.filter(({ name }) => name !== 'POST /ssf/poll');
    const keys = new Set(answered.flatMap(({ attributes }) => Object.keys(attributes)));
    expect([...keys].toSorted()).toEqual(['http.request.method', 'http.response.status_code', 'http.route']);
    expect(receiver.raw).not.toMatch(/whatever-was-typed|in-the-query|0199c0de|no\/such/);
    expect(receiver.raw).not.toContain(token);
  });

  it("puts the ids of the span into the request's log line", () => {
    const span = receiver.spans.find(({ name }) => name === 'GET /tasks/:id');
    const line = logLines(deployment.business).find(({ route }) => route === '/tasks/:id');
    expect(line).toMatchObject({ msg: 'request', trace_id: traceId, span_id: span?.spanId });
  });

  it('loads OpenTelemetry, as the test of its absence would see', () => {
    expect(loaded(deployment.business)).toEqual(['./opentelemetry.js']);
  });
});

describe('without OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await deploy({ NODE_OPTIONS: TELLS_MODULES });
  });
  afterAll(() => undeploy(deployment));

  it('nothing of OpenTelemetry is loaded, but the interface, which prom-client asks for', async () => {
    const token = await signUp(deployment, 'ada@example.com');
    await request('GET', `${deployment.business.url}/dashboard`, { token });
    for (const service of [deployment.auth, deployment.business]) {
      expect(loaded(service)).toEqual([]);
      expect(logLines(service).filter((line) => 'trace_id' in line)).toEqual([]);
    }
  });
});

describe('a receiver of traces that is away', () => {
  let auth: AuthReplicas;
  let url: string;
  const listener = createServer();
  beforeAll(async () => {
    auth = await AuthReplicas.prepare();
    url = await listen(listener);
  });
  afterAll(() => auth.end());

  const start = () => auth.start({ OTEL_EXPORTER_OTLP_ENDPOINT: url });

  it('that never answers holds up neither requests nor the end of the service', async () => {
    const service = await start();
    expect((await request('GET', `${service.url}/health/ready`)).status).toBe(200);
    expect(await service.stop()).toBe(0);
  });

  it('is told in the log, without what was to be sent', async () => {
    listener.close();
    const service = await start();
    await request('GET', `${service.url}/health/ready`);
    await service.prints('Spans could not be sent');
    const complaints = logLines(service).filter(({ context }) => context === 'Tracing');
    expect(complaints).toMatchObject([{ level: 40, msg: expect.stringMatching(/^Spans could not be sent/) }]);
  });
});

function loaded(service: RunningService): string[] {
  return [...new Set(Array.from(service.output().matchAll(/^loads (\S+)$/gm), ([, name]) => name ?? ''))];
}

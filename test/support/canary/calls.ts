import type { Canaries } from './canaries.js';
import type { Route, Schema } from '../../fuzz/routes.js';

/** A request with a canary in whatever can be typed. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** What makes a request a good one: field values by name, an access token, the id of something. */
export interface Caller {
  readonly token: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}

const SECRET_NAME = /password|token|secret|code|key/i;
const SECRET_HEADERS = [
  'cookie',
  'proxy-authorization',
  'x-api-key',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-real-ip',
  'forwarded',
  'referer',
  'origin',
  'accept',
  'accept-language',
  'if-none-match',
  'traceparent',
  'tracestate',
  'baggage',
  'x-device',
  'dpop',
  'idempotency-key',
];

/** Makes calls of one route: good ones, and bad ones of every kind that is likely to be talked about. */
export class RouteCalls {
  private readonly place: string;

  constructor(
    private readonly canaries: Canaries,
    private readonly route: Route,
    private readonly caller: Caller,
  ) {
    this.place = `${route.method} ${route.path}`;
  }

  /** Bad ones first, as a good one may end the session, or the account. */
  all(): Call[] {
    const { token } = this.caller;
    const bearer = () => `Bearer ${token}`;
    const credentials = [
      () => undefined,
      () => `Bearer ${this.secret('bearer')}`,
      () => `Bearer ${token} ${this.secret('after the bearer')}`,
      () => `Basic ${this.secret('basic')}`,
    ];
    return [
      ...this.bodies().map((body) => this.call(bearer(), body)),
      this.call(bearer(), this.goodBody(), 'typed'),
      ...credentials.map((credential) => this.call(credential(), this.goodBody())),
      this.good(),
    ];
  }

  /** One that has all that it needs; there is a canary in it wherever one may be. */
  good(): Call {
    return this.call(`Bearer ${this.caller.token}`, this.goodBody(), 'good');
  }

  private call(
    authorization: string | undefined,
    [type, body]: readonly [type: string, body: string | null],
    address: 'typed' | 'good' = 'good',
  ): Call {
    const headers = Object.fromEntries(SECRET_HEADERS.map((name) => [name, this.secret(name)]));
    return {
      method: this.route.method,
      path: address === 'good' ? this.goodPath() : this.typedPath(),
      headers: {
        ...headers,
        // One that may be logged is kept, so this is one that may not.
        'x-request-id': `${this.secret('x-request-id')} "`,
        'user-agent': this.canaries.plant('content', 'user-agent'),
        ...(authorization !== undefined && { authorization }),
        ...(body !== null && { 'content-type': type }),
      },
      body,
    };
  }

  private goodPath(): string {
    return this.route.path.replaceAll(/\{\w+\}/g, this.caller.id);
  }

  private typedPath(): string {
    const path = this.route.path.replaceAll(/\{(\w+)\}/g, (_all, name) => this.secret(`path ${name}`));
    const names = [...Object.keys(this.route.query), 'access_token', 'token', 'q'];
    const query = names.map((name) => `${name}=${this.secret(`query ${name}`)}`);
    return `${path}?${query.join('&')}&${this.canaries.plant('name', `${this.place} query`)}=1`;
  }

  private goodBody(): readonly [string, string | null] {
    const { fields } = this.route;
    return [
      'application/json',
      fields ? JSON.stringify(this.each((name) => this.goodValue(name, fields[name]))) : null,
    ];
  }

  private bodies(): (readonly [string, string | null])[] {
    if (!this.route.fields) return [];
    const json = (value: unknown) => ['application/json', JSON.stringify(value)] as const;
    const text = () => this.secret('a body that is no JSON');
    const good = () => JSON.parse(this.goodBody()[1] ?? '{}') as object;
    const unknown = this.canaries.plant('name', `${this.place} unknown field`);
    return [
      json(this.each((name) => this.secret(name))),
      json(this.each((name) => [this.secret(`${name}[0]`)])),
      json(this.each((name) => ({ [this.secret(`${name}.name`)]: this.secret(`${name}.value`) }))),
      json(this.each((name) => `${this.secret(name)}\u0000\ud800`)),
      json(this.each((name) => this.secret(name).repeat(200))),
      json({ ...good(), [unknown]: this.secret('an unknown field') }),
      json({ ...good(), id: this.secret('id'), user_id: this.secret('user_id'), role: this.secret('role') }),
      json([this.secret('a list for a body')]),
      json(this.secret('a string for a body')),
      json({ a: this.secret('a body that is too large').repeat(600) }),
      ['application/json', `{"password":"${text()}",}`],
      ['application/json', `{"__proto__":{"password":"${text()}"}}`],
      ['text/plain', text()],
      ['application/x-www-form-urlencoded', `password=${text()}`],
      [`application/json; charset=${text()}`, '{}'],
      [text(), text()],
    ];
  }

  private each(value: (name: string) => unknown): Record<string, unknown> {
    return Object.fromEntries(Object.keys(this.route.fields ?? {}).map((name) => [name, value(name)]));
  }

  private goodValue(name: string, schema: Schema = {}): unknown {
    if (this.caller.fields[name] !== undefined) return this.caller.fields[name];
    if (schema.enum) return schema.enum[0];
    if (schema.format === 'date-time') return '2030-01-01T00:00:00Z';
    if (schema.format === 'email') return `${this.content(name)}@example.com`;
    if (schema.type === 'boolean') return true;
    if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
    if (schema.type === 'array') return [this.goodValue(name, schema.items)];
    return SECRET_NAME.test(name) ? this.secret(name) : this.content(name);
  }

  private secret(what: string): string {
    return this.canaries.plant('secret', `${this.place}: ${what}`);
  }

  private content(what: string): string {
    return this.canaries.plant('content', `${this.place}: ${what}`);
  }
}

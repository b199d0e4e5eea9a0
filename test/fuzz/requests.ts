import * as fc from 'fast-check';
import { CONTENT_TYPES, HOSTILE_BODIES, HOSTILE_PATHS, NAUGHTY_STRINGS } from './hostile.ts';
import type { AppRoute } from './routes.ts';
import { anyField, extraField, goodValue, hostileValue, jsonOf, type Field } from './values.ts';

const CREDENTIALS = ['none', 'good', 'rubbish', 'tampered', 'unsigned', 'basic', 'empty', 'twice'] as const;
/** What a request says about who sends it. */
export type Credential = (typeof CREDENTIALS)[number];

/** A request as it is printed when it fails; `$email` and the like stand for what its person has (`Person.fill`). */
export interface FuzzRequest {
  readonly app: AppRoute['app'];
  /** As in `/docs-json`: what it was made for. */
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly credential: Credential;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const HEADERS = [
  'accept',
  'accept-encoding',
  'accept-language',
  'content-encoding',
  'cookie',
  'expect',
  'forwarded',
  'if-match',
  'if-none-match',
  'origin',
  'range',
  'traceparent',
  'tracestate',
  'upgrade',
  'user-agent',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-http-method-override',
  'x-original-url',
  'x-request-id',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];

/** Requests of all routes: valid, nearly valid and hostile ones. */
export function requestsOf(routes: readonly AppRoute[]): fc.Arbitrary<FuzzRequest> {
  return fc.oneof(...routes.map((route) => requestOf(route)));
}

function requestOf(route: AppRoute): fc.Arbitrary<FuzzRequest> {
  return fc.record({
    app: fc.constant(route.app),
    route: fc.constant(`${route.method} ${route.path}`),
    method: mostly(20, fc.constant(route.method), fc.constantFrom(...METHODS)),
    path: fc.tuple(pathOf(route), queryOf(route)).map((parts) => parts.join('')),
    credential: mostly(2, fc.constant<Credential>('good'), fc.constantFrom(...CREDENTIALS)),
    headers: headersOf(route),
    body: bodyOf(route),
  });
}

/** `usual` so many times as often as `other`. */
function mostly<T>(weight: number, usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ arbitrary: usual, weight }, { arbitrary: other, weight: 1 });
}

function pathOf({ path }: AppRoute): fc.Arbitrary<string> {
  const hostile = fc.oneof(
    fc.constantFrom(...NAUGHTY_STRINGS).map(encoded),
    fc.constantFrom(...HOSTILE_PATHS),
  );
  const value = mostly(2, fc.oneof(fc.constant('$id'), fc.uuid()), hostile);
  const parts = path.split(/\{\w+\}/);
  const filled = fc
    .array(value, { minLength: parts.length - 1, maxLength: parts.length - 1 })
    .map((values) => parts.map((part, index) => part + (values[index] ?? '')).join(''));
  const strayed = fc
    .tuple(filled, fc.constantFrom(...HOSTILE_PATHS), fc.nat({ max: path.length }))
    .map(([good, wrong, at]) => `/${(good.slice(0, at) + wrong + good.slice(at)).replace(/^\//, '')}`);
  return mostly(15, filled, strayed);
}

function queryOf({ query }: AppRoute): fc.Arbitrary<string> {
  const known = Object.entries(query);
  const names = [...known.map(([name]) => name), '__proto__', 'constructor', 'a[b]', 'token', ''];
  const right = fc.record(
    Object.fromEntries(known.map(([name, schema]) => [name, goodValue(name, schema)])),
    { requiredKeys: [] },
  );
  const wrong = fc.array(fc.tuple(fc.constantFrom(...names), hostileValue), { maxLength: 4 });
  const text = (pairs: readonly Field[]): string =>
    pairs.map(([name, value]) => `${encoded(name)}=${encoded(String(value)).slice(0, 3_000)}`).join('&');
  return mostly(
    known.length > 0 ? 1 : 8,
    right.map((values) => text(Object.entries(values))),
    wrong.map(text),
  ).map((all) => (all ? `?${all}` : ''));
}

function headersOf({ fields }: AppRoute): fc.Arbitrary<Record<string, string>> {
  const value = fc.oneof(
    fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) }),
    fc.string({ unit: fc.integer({ min: 0x80, max: 0xff }).map((code) => String.fromCharCode(code)) }),
    fc.constantFrom(
      '*',
      'bytes=0-',
      '100-continue',
      'gzip',
      'websocket',
      'DELETE',
      '1.1.1.1',
      'a'.repeat(8_000),
    ),
  );
  const more = mostly(2, fc.constant({}), fc.dictionary(fc.constantFrom(...HEADERS), value, { maxKeys: 4 }));
  const type = mostly(
    12,
    fc.constant<object>(fields ? { 'content-type': 'application/json' } : {}),
    fc.oneof(
      fc.constant({}),
      fc.constantFrom(...CONTENT_TYPES).map((text) => ({ 'content-type': text })),
    ),
  );
  return fc.tuple(more, type).map((parts) => Object.assign({}, ...parts) as Record<string, string>);
}

function bodyOf({ fields, required }: AppRoute): fc.Arbitrary<string | undefined> {
  const hostile = fc.oneof(fc.constantFrom(...HOSTILE_BODIES), fc.json());
  if (!fields) return mostly(8, fc.constant(undefined), hostile);
  const known = Object.entries(fields);
  const good = fc
    .record(Object.fromEntries(known.map(([name, schema]) => [name, goodValue(name, schema)])), {
      requiredKeys: [...required],
    })
    .map((values) => Object.entries(values));
  const near = fc.tuple(...known.map(([name, schema]) => anyField(name, schema)));
  const extra = fc.tuple(good, fc.array(extraField, { minLength: 1, maxLength: 3 })).map((all) => all.flat());
  return fc.oneof(
    { arbitrary: good.map(jsonOf), weight: 3 },
    { arbitrary: near.map(jsonOf), weight: 4 },
    { arbitrary: extra.map(jsonOf), weight: 1 },
    { arbitrary: hostile, weight: 1 },
    { arbitrary: fc.constant(undefined), weight: 1 },
  );
}

/** As `encodeURIComponent`, which throws at half a surrogate pair. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%24', '$');
}

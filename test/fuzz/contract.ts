import { parsed, type Answer } from './client.ts';
import type { Answers, Route } from './routes.ts';

const PROBLEM = 'application/problem+json';
const ANYTHING: Answers[string] = { [PROBLEM]: () => undefined };
/** The answers to what is no request for any route. */
const NO_ROUTE: Answers = Object.fromEntries(
  ['400', '401', '404', '405', '413', '414', '415', '431', '503'].map((status) => [status, ANYTHING]),
);
/** Routes of the kit that `/docs-json` does not describe. */
const UNDESCRIBED = new Set(['GET /metrics', 'GET /docs', 'GET /docs-json']);

/** Bytes of a request's head. */
const MAX_HEAD = 16 * 1024;

interface Target {
  readonly method: string;
  readonly path: string;
}

/** What the services promise of their routes: what `/docs-json` says. */
export class Contract {
  private readonly routes: readonly (readonly [pattern: RegExp, route: Route])[];

  constructor(routes: readonly Route[]) {
    this.routes = routes.map((route) => [patternOf(route), route]);
  }

  /** Whether a route asks for no bearer token of a person. */
  isPublic(method: string, path: string): boolean {
    return this.find(method, path)?.isPublic ?? UNDESCRIBED.has(nameAt(method, path));
  }

  /** How an answer is not as described; nothing: it is. */
  faultOf({ method, path }: Target, { status, headers, body }: Answer): string | undefined {
    const route = this.find(method, path);
    // Pages and files, which are no part of the description.
    if (!route && status < 400) return undefined;
    // Of a head that is too long nothing is read, so no route answers.
    const answers = path.length > MAX_HEAD && status === 431 ? NO_ROUTE : (route?.answers ?? NO_ROUTE);
    const described = answers[status];
    if (!described) return `answered ${status}, which is not described: ${body.slice(0, 500)}`;
    if (Object.keys(described).length === 0)
      return body === '' ? undefined : `answered ${status} with a body: ${body.slice(0, 500)}`;
    const type = headers['content-type']?.split(';', 1)[0] ?? 'nothing';
    const validate = described[type];
    if (!validate) return `answered ${status} as ${type}`;
    if (method === 'HEAD' || !type.endsWith('json')) return undefined;
    const fault = validate(parsed(body));
    return fault && `answered ${status}, but ${fault}: ${body.slice(0, 500)}`;
  }

  private find(method: string, path: string): Route | undefined {
    const name = nameAt(method, path);
    return this.routes.find(([pattern]) => pattern.test(name))?.[1];
  }
}

/** A parameter is anything but a slash, and nothing too. */
function patternOf({ method, path }: Pick<Route, 'method' | 'path'>): RegExp {
  const parts = path.replaceAll('.', String.raw`\.`).split(/\{\w+\}/);
  return new RegExp(`^${method} ${parts.join('[^/]*')}$`);
}

/** HEAD is answered as GET is; a path may be written in many ways. */
function nameAt(method: string, path: string): string {
  const pathname = path.split(/[?#]/, 1)[0] ?? '';
  return `${method === 'HEAD' ? 'GET' : method} ${decoded(pathname)}`;
}

/** A slash that is written as `%2f` stays so, and separates nothing. */
function decoded(path: string): string {
  try {
    return path.split(/%2f/i).map(decodeURIComponent).join('%2f');
  } catch {
    return path;
  }
}

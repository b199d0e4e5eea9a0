import type { Route } from './routes.ts';

const PROBLEM = 'application/problem+json';
/** Routes of the kit that `/docs-json` does not describe. */
const UNDESCRIBED = ['GET /metrics', 'GET /docs', 'GET /docs-json'];

/** What the services promise of their routes: what `/docs-json` says. */
export class Contract {
  private readonly publicRoutes: ReadonlySet<string>;
  private readonly errorTypes: ReadonlyMap<string, readonly string[]>;

  constructor(routes: readonly Route[]) {
    const names = routes.filter(({ isPublic }) => isPublic).map((route) => nameOf(route));
    this.publicRoutes = new Set([...UNDESCRIBED, ...names]);
    this.errorTypes = new Map(routes.map((route) => [nameOf(route), route.errorTypes]));
  }

  /** Whether a route asks for no bearer token of a person. */
  isPublic(method: string, path: string): boolean {
    return this.publicRoutes.has(nameAt(method, path));
  }

  /** Media types in which a route says what is wrong. */
  errorTypesOf(method: string, path: string): readonly string[] {
    return [PROBLEM, ...(this.errorTypes.get(nameAt(method, path)) ?? [])];
  }
}

const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

/** HEAD is answered as GET is; a path may be written in many ways. */
function nameAt(method: string, path: string): string {
  const pathname = path.split(/[?;]/, 1)[0] ?? '';
  return `${method === 'HEAD' ? 'GET' : method} ${decoded(pathname)}`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

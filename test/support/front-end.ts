import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { ROOT } from '../../scripts/services.js';

const EXAMPLE = join(ROOT, 'test/browser/example');
const CLIENT = join(ROOT, 'libs/browser-client/src');

/** The origins that the example is told of, in the place of those in its source. */
export interface Backends {
  auth: string;
  business: string;
}

/** A server of static pages, each on an origin of its own: those of a test, and the example with its client. */
export class FrontEnd {
  /** Documents, by path. */
  readonly pages = new Map<string, string>();
  /** Every address that was asked for, with what was sent along. */
  readonly received: {
    readonly url: string;
    readonly referrer: string;
    readonly cookie: string;
    readonly authorization: string;
  }[] = [];
  /** Where else a path leads. */
  readonly redirects = new Map<string, string>();
  readonly backends: Backends = { auth: '', business: '' };
  private readonly server: Server = createServer((request, response) => {
    const { url = '', headers } = request;
    const { referer: referrer = '', cookie = '', authorization = '' } = headers;
    this.received.push({ url, referrer, cookie, authorization });
    const [path = ''] = url.split('?', 1);
    const location = this.redirects.get(path);
    if (location !== undefined) return response.writeHead(307, { location }).end();
    const body = this.pages.get(path) ?? this.exampleFile(path);
    const type = path.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': `${type}; charset=utf-8` });
    return response.end(body);
  });

  static async open(): Promise<FrontEnd> {
    const frontEnd = new FrontEnd();
    await once(frontEnd.server.listen(0), 'listening');
    return frontEnd;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Of the same site as auth's pages. */
  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  /** Of another site. */
  get foreignOrigin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private exampleFile(path: string): string | undefined {
    if (path === '/') return readFileSync(join(EXAMPLE, 'index.html'), 'utf8');
    if (path === '/app.js') {
      return readFileSync(join(EXAMPLE, 'app.js'), 'utf8')
        .replace('http://localhost:3000', this.backends.auth)
        .replace('http://localhost:3001', this.backends.business);
    }
    const source = join(CLIENT, path.replace(/^\/client\//, '').replace(/\.js$/, '.ts'));
    if (!path.startsWith('/client/') || !existsSync(source)) return undefined;
    const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 };
    return transpileModule(readFileSync(source, 'utf8'), { compilerOptions }).outputText;
  }
}

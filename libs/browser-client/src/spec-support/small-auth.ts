import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Answer {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export const PASSWORD = 'a long and quiet evening';
const USER = {
  user_id: '0198',
  email: 'ada@example.com',
  email_verified: true,
  created_at: '2027-01-01T00:00:00Z',
};

/** As much of auth, and of a service behind it, as the client can tell apart; over real HTTP. */
export class SmallAuth {
  /** Each request so far, as `POST /auth/login`. */
  readonly log: string[] = [];
  /** What came as `Authorization`, of the same requests. */
  readonly authorizations: (string | undefined)[] = [];
  /** Seconds of a token's life. */
  lifetime = 300;
  isLoggedIn = true;
  /** Answers that come before the usual ones, by request. */
  readonly next = new Map<string, Answer[]>();
  /** Access tokens that the service refuses, and the code that it gives. */
  readonly refused = new Map<string, string>();
  /** Whose session it is. */
  subject = '0198';
  private issued = 0;
  private readonly server = createServer((request, response) => void this.serve(request, response));

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get lastToken(): string {
    return tokenOf(this.issued, this.subject);
  }

  count(request: string): number {
    return this.log.filter((each) => each === request).length;
  }

  async open(port = 0): Promise<this> {
    await once(this.server.listen(port, '127.0.0.1'), 'listening');
    return this;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = `${request.method} ${request.url}`;
    const body = await text(request);
    this.log.push(route);
    this.authorizations.push(request.headers.authorization);
    const answer = this.next.get(route)?.shift() ?? this.answer(route, request, body);
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body && JSON.stringify(answer.body));
  }

  private answer(route: string, { headers }: IncomingMessage, body: string): Answer {
    if (route === 'POST /auth/login') {
      const { password, mode } = JSON.parse(body) as { password: string; mode?: string };
      return password === PASSWORD ? this.issue(mode === 'cookie') : problem(401, 'INVALID_CREDENTIALS');
    }
    if (route === 'POST /auth/refresh') {
      const usesCookie = !body.includes('refresh_token');
      if (this.isLoggedIn) return this.issue(usesCookie);
      return usesCookie ? problem(400, 'VALIDATION_FAILED') : problem(401, 'INVALID_REFRESH_TOKEN');
    }
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    const code = token === '' ? 'UNAUTHORIZED' : this.refused.get(token);
    if (code !== undefined) return problem(401, code);
    if (route === 'GET /auth/me') return { status: 200, body: USER };
    if (route === 'POST /auth/logout') this.isLoggedIn = false;
    return route === 'POST /auth/logout' ? { status: 204 } : { status: 200, body: { token } };
  }

  private issue(usesCookie: boolean): Answer {
    this.isLoggedIn = true;
    this.issued++;
    const body = { access_token: this.lastToken, token_type: 'Bearer', expires_in: this.lifetime };
    return { status: 200, body: usesCookie ? body : { ...body, refresh_token: `refresh-${this.issued}` } };
  }
}

export function problem(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, body: { type: 'about:blank', title: '', status, detail: code, code }, headers };
}

function tokenOf(number: number, sub: string): string {
  const payload = Buffer.from(JSON.stringify({ sub, sid: 'one', jti: number })).toString('base64url');
  return `e30.${payload}.c2ln`;
}

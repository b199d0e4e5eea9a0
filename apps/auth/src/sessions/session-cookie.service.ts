import { fastifyCookie } from '@fastify/cookie';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { originNotAllowed } from './sessions.errors.js';

const NAME = 'signet-session';
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|::1)$/;
const JSON_TYPE = /^application\/json\s*(;|$)/i;

type Request = Pick<FastifyRequest, 'headers' | 'protocol' | 'hostname'>;

/** Requests whose refresh token came by the cookie. */
const byCookie = new WeakSet<object>();

/**
 * The refresh token of a browser, where no script can read it. The prefix `__Host-` keeps other hosts of the domain from
 * setting it (RFC 6265bis, section 4.1.3.2); over plain http on this machine browsers accept neither that nor `Secure`.
 * Behind a proxy every request may look as if it came that way, so that an https `PUBLIC_URL` decides first.
 *
 * A browser sends the cookie with every request, whoever made it, so that a request which relies on it has to show where
 * it comes from (RFC 10017).
 */
@Injectable()
export class SessionCookieService implements OnModuleInit {
  /** Where auth's own pages are; older browsers send `Origin` alone. */
  private readonly ownOrigin: string | undefined;
  private readonly isPublicByTls: boolean;

  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
  ) {
    const publicUrl = URL.parse(config.PUBLIC_URL);
    this.ownOrigin = publicUrl?.origin;
    this.isPublicByTls = publicUrl?.protocol === 'https:';
  }

  /** The plugin loads what it parses and writes cookies with; no request but those that need it pays for that. */
  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    // Not awaited: that would load all plugins now, before Nest has set its handler of errors.
    void fastify.register(fastifyCookie, { hook: false });
  }

  /**
   * Puts the refresh token of the cookie into the body of a request that has none, as if it had been sent there.
   *
   * @throws {ProblemException} 403 when the request comes from another origin, or is not JSON
   */
  takeInto(request: FastifyRequest): void {
    const token = this.read(request);
    if (token === undefined || hasOwnToken(request.body)) return;
    this.assertTrusted(request);
    const body = hasBody(request) ? request.body : {};
    // What is no object, or could not be read, is left for validation to refuse.
    if (!isPlainObject(body)) return;
    request.body = { ...body, refresh_token: token };
    byCookie.add(request);
  }

  /** The refresh token of the cookie, if the request comes from where it counts. */
  peek(request: Request): string | undefined {
    return this.isAllowed(request.headers) ? this.read(request) : undefined;
  }

  isUsedBy(request: FastifyRequest): boolean {
    return byCookie.has(request);
  }

  /**
   * A login that sets the cookie does not rely on one, and callers that are no browsers say nothing of where they are; a
   * page of another origin must not log its visitor in.
   *
   * @throws {ProblemException} 403
   */
  assertMaySet({ headers }: Request): void {
    const saysOrigin = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
    if (saysOrigin && !this.isAllowed(headers)) throw originNotAllowed();
  }

  write(request: Request, reply: FastifyReply, refreshToken: string): void {
    const { SESSION_IDLE_SECONDS, SESSION_ABSOLUTE_SECONDS } = this.config;
    this.set(request, reply, refreshToken, Math.min(SESSION_IDLE_SECONDS, SESSION_ABSOLUTE_SECONDS));
  }

  clear(request: Request, reply: FastifyReply): void {
    this.set(request, reply, '', 0);
  }

  private read(request: Request): string | undefined {
    const { cookie = '' } = request.headers;
    return fastifyCookie.parse(cookie)[this.nameFor(request)] || undefined;
  }

  private set(request: Request, reply: FastifyReply, value: string, maxAge: number): void {
    const attributes = { path: '/', httpOnly: true, secure: !this.isPlainLoopback(request), maxAge } as const;
    const cookie = fastifyCookie.serialize(this.nameFor(request), value, {
      ...attributes,
      sameSite: 'strict',
    });
    void reply.header('set-cookie', cookie);
  }

  private nameFor(request: Request): string {
    return this.isPlainLoopback(request) ? NAME : `__Host-${NAME}`;
  }

  private isPlainLoopback({ protocol, hostname }: Request): boolean {
    return !this.isPublicByTls && protocol === 'http' && LOOPBACK.test(hostname);
  }

  private assertTrusted(request: FastifyRequest): void {
    const { headers } = request;
    const type = headers['content-type'];
    const isJson = type === undefined ? !hasBody(request) : JSON_TYPE.test(type);
    if (!isJson || !this.isAllowed(headers)) throw originNotAllowed();
  }

  /** An origin of the list, or auth's own; a request that names another is refused whatever else it says. */
  private isAllowed({ origin, host, 'sec-fetch-site': site }: FastifyRequest['headers']): boolean {
    if (origin === undefined) return site === 'same-origin';
    if (this.config.CORS_ORIGINS.includes(origin) || origin === this.ownOrigin) return true;
    return site === 'same-origin' && URL.parse(origin)?.host === host;
  }
}

function hasOwnToken(body: unknown): boolean {
  return isPlainObject(body) && 'refresh_token' in body;
}

function hasBody({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

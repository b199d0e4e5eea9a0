import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieOf } from '../audit/requester.js';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { chooseLanguage, LANGUAGE_COOKIE } from './language.js';
import { PAGE_POLICY, pageDocument, PAGES, type Page } from './page-document.js';
import { readPageFiles, type PageFiles, type ServedFile } from './page-files.js';
import { readPageTheme, type PageTheme } from './page-theme.js';
import { allowedReturnTo } from './return-to.js';

/** A file is shown by a page and never as one. */
const FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";
const SESSION_COOKIE = /(?:^|;\s*)(?:__Host-)?signet-session=/;

/**
 * Serves the pages for people, from memory. Not by a controller: while they are off, their paths are those of any
 * unknown route, which is closed by the guard.
 */
@Injectable()
export class PagesService implements OnModuleInit {
  private readonly logger = new Logger('Pages');

  constructor(
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly host: HttpAdapterHost<FastifyAdapter>,
  ) {}

  /** After the hooks of every service, and before the first request. */
  onModuleInit(): void {
    if (this.config.PAGES === 'off') return;
    const built = readPageFiles();
    if (built === undefined) return this.logger.warn('The pages are not built: npm run build');
    const theme = readPageTheme(this.config.PAGES_THEME_DIR);
    const files = new Map([...built.files, ...theme.files]);
    const pages = new Map(PAGES.map((page) => [`/${page}`, page]));
    this.host.httpAdapter.getInstance().addHook('onRequest', (request, reply, done) => {
      const [path = ''] = request.url.split('?', 1);
      if (request.method !== 'GET' && request.method !== 'HEAD') return done();
      const [page, file] = [pages.get(path), files.get(path)];
      if (page !== undefined) this.sendPage(page, request, reply, built, theme);
      else if (file !== undefined) sendFile(file, request, reply);
      else if (path === '/') redirect(request, reply);
      else done();
    });
  }

  private sendPage(
    page: Page,
    request: FastifyRequest,
    reply: FastifyReply,
    files: PageFiles,
    theme: PageTheme,
  ): void {
    const { config } = this;
    const { searchParams } = new URL(request.url, 'http://localhost');
    const publicUrl = config.PUBLIC_URL ?? 'http://localhost';
    const returnTo = allowedReturnTo(searchParams.get('return_to'), publicUrl, config.CORS_ORIGINS);
    const language = chooseLanguage(
      cookieOf(request.headers, LANGUAGE_COOKIE),
      request.headers['accept-language'],
      files.languages,
    );
    const settings = {
      page,
      service: config.SERVICE_NAME,
      passwordMinLength: config.PASSWORD_MIN_LENGTH,
      verifiesEmail: config.EMAIL_VERIFICATION === 'required',
      mayHaveSession: mayHaveSession(request),
      ...(returnTo !== undefined && { returnTo }),
    };
    void reply
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': PAGE_POLICY,
        'x-frame-options': 'DENY',
        // A link from a mail has a token in its address.
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'permissions-policy': 'camera=(), microphone=(), geolocation=()',
      })
      .send(pageDocument(settings, language, files, theme));
  }
}

function sendFile(
  { type, body, gzipped, cacheControl }: ServedFile,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const isGzipped = gzipped !== undefined && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  void reply
    .headers({
      'content-type': type,
      'content-security-policy': FILE_POLICY,
      'cache-control': cacheControl,
      vary: 'accept-encoding',
      ...(isGzipped && { 'content-encoding': 'gzip' }),
    })
    .send(isGzipped ? gzipped : body);
}

/** A `SameSite=Strict` cookie does not come along when a page of another site has led here. */
function mayHaveSession({ headers }: FastifyRequest): boolean {
  const comesAlong = ['same-origin', 'same-site', 'none'].includes(String(headers['sec-fetch-site']));
  return !comesAlong || hasSession(headers);
}

function hasSession({ cookie = '' }: FastifyRequest['headers']): boolean {
  return SESSION_COOKIE.test(cookie);
}

/** To the account for a browser that has a session, as far as its cookie tells; else to the login. */
function redirect({ headers }: FastifyRequest, reply: FastifyReply): void {
  const page: Page = hasSession(headers) ? 'account' : 'login';
  void reply.header('cache-control', 'no-store').redirect(page, 302);
}

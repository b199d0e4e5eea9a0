import { UnreadableBody, unsupportedMediaType } from '@signet/service-kit';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FormBody } from './form-body.js';

type Fastify = ReturnType<ReturnType<NestFastifyApplication['getHttpAdapter']>['getInstance']>;

const FORM = 'application/x-www-form-urlencoded';
const PATHS = '/oauth/';

/**
 * Reads forms, on the routes below `/oauth/` alone: everywhere else a body is JSON, which no other site's form can
 * send.
 */
@Injectable()
export class FormParserService implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    // Absent in a program that serves nothing.
    const fastify = this.host.httpAdapter?.getInstance<Fastify | undefined>();
    fastify?.addContentTypeParser(FORM, { parseAs: 'string' }, (request, text, done) =>
      done(
        null,
        request.routeOptions.url?.startsWith(PATHS)
          ? FormBody.parse(String(text))
          : new UnreadableBody(unsupportedMediaType()),
      ),
    );
  }
}

import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Observable } from 'rxjs';
import { Caller, type CurrentCall } from './caller.js';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** As much of a request as is read here, of Express and Fastify alike. */
interface Request {
  readonly headers?: Headers;
  /** What the guard has put there; ours says who calls. */
  readonly user?: { readonly principal?: { readonly kind?: unknown } } | undefined;
  /** Fastify, and Express with a middleware that sets it. */
  readonly id?: unknown;
  /** What `@signet/service-kit` logs with a request. */
  readonly logFields?: { readonly trace_id?: string; readonly span_id?: string };
}

const TRACE_PARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;
const SAFE_ID = /^[\w.-]{1,64}$/;

/** Remembers, for as long as a request is handled, whose it is. Runs behind the guards, so the token was verified. */
@Injectable()
export class CallerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = requestOf(context);
    if (request?.headers === undefined) return next.handle();
    const call = callOf(request, request.headers);
    return new Observable((subscriber) => Caller.run(call, () => next.handle().subscribe(subscriber)));
  }
}

function requestOf(context: ExecutionContext): Request | undefined {
  const type = context.getType<string>();
  if (type === 'http') return context.switchToHttp().getRequest<Request | undefined>();
  return type === 'graphql' ? graphqlRequest(context.getArgByIndex<unknown>(2)) : undefined;
}

/** Apollo and Mercurius call it differently. */
function graphqlRequest(value: unknown): Request | undefined {
  const { req, request, reply } = (value ?? {}) as {
    req?: Request;
    request?: Request;
    reply?: { request?: Request };
  };
  return req ?? request ?? reply?.request;
}

function callOf({ user, id, logFields }: Request, headers: Headers): CurrentCall {
  const isForUser = user !== undefined && user.principal?.kind !== 'client';
  const traceparent = traceParentOf(logFields) ?? one(headers['traceparent']);
  const requestId = [headers['x-request-id'], id].find((it) => typeof it === 'string' && SAFE_ID.test(it));
  return {
    token: isForUser ? bearerOf(one(headers['authorization'])) : undefined,
    headers: {
      ...(traceparent !== undefined && TRACE_PARENT.test(traceparent) && { traceparent }),
      ...(typeof requestId === 'string' && { 'x-request-id': requestId }),
    },
  };
}

/** The span of this service is the parent of what it calls. */
function traceParentOf({ trace_id, span_id }: Request['logFields'] = {}): string | undefined {
  return trace_id !== undefined && span_id !== undefined ? `00-${trace_id}-${span_id}-01` : undefined;
}

function bearerOf(header = ''): string | undefined {
  return /^bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1];
}

function one(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

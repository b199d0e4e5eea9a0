import type { AuthenticatedRequest } from '@signet/jwt-shared';
import { isProblem, ProblemException } from '@signet/service-kit';
import {
  Inject,
  Injectable,
  Logger,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, mergeMap, type Observable } from 'rxjs';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import type { CountedAttempt } from './counted-attempt.js';
import { DeviceCookieService } from './device-cookie.service.js';
import { limitHeaders, type LimitState } from './limit-state.js';
import type { PolicyName } from './policies.js';
import { RateLimiterService } from './rate-limiter.service.js';
import { SubjectsService, type SessionOf } from './subjects.service.js';

/** Where a handler says how it is limited. */
export const RATE_LIMIT = Symbol('rate limit');

export interface RateLimit {
  readonly policy: PolicyName;
  readonly sessionOf?: SessionOf | undefined;
}

/** Counts a request before anything is done for it, and settles the count by the answer. */
@Injectable()
export class RateLimitInterceptor implements NestInterceptor {
  private readonly logger = new Logger('RateLimits');

  constructor(
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly limiter: RateLimiterService,
    private readonly subjects: SubjectsService,
    private readonly cookies: DeviceCookieService,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (this.config.RATE_LIMITS === 'off') return next.handle();
    const http = context.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const { policy, sessionOf } = Reflect.getMetadata(RATE_LIMIT, context.getHandler()) as RateLimit;
    const request = http.getRequest<FastifyRequest & Partial<AuthenticatedRequest>>();
    const subject = this.subjects.of(request, sessionOf);
    const attempt = await this.limiter.admit(policy, subject);
    tell(reply, attempt.scarcest);
    return next.handle().pipe(
      catchError(async (error: unknown) => {
        await this.settle(async () => tell(reply, await afterFailure(attempt, error)));
        throw error;
      }),
      mergeMap(async (answer: unknown) => {
        await this.settle(() => attempt.succeed());
        if (policy === 'login' && subject.account !== undefined)
          this.cookies.remember(request, reply, subject.account);
        return answer;
      }),
    );
  }

  /** What has been answered already does not fail by its book-keeping. */
  private async settle(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.logger.warn(error));
  }
}

async function afterFailure(attempt: CountedAttempt, error: unknown): Promise<LimitState | undefined> {
  if (isWrongGuess(error)) return attempt.fail();
  await attempt.withdraw();
  return undefined;
}

function isWrongGuess(error: unknown): boolean {
  if (!(error instanceof ProblemException)) return false;
  const problem = error.getResponse();
  return isProblem(problem) && problem.code === 'INVALID_CREDENTIALS';
}

function tell(reply: FastifyReply, state: LimitState | undefined): void {
  if (state) void reply.headers(limitHeaders(state));
}

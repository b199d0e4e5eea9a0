import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest, FastifyServerOptions, RouteOptions } from 'fastify';

/** The path of `UnknownRouteController`. */
const ANY_PATH = '/*';

/**
 * Sends what Fastify does not find to `UnknownRouteController`, and so past the guards. Its wildcard takes nearly all
 * of it; but a path whose parameter is empty (`/tasks/`) has a route, which Nest then takes for none.
 */
export class GuardingAdapter extends FastifyAdapter {
  private anyPath: RouteOptions['handler'] | undefined;

  constructor(options: FastifyServerOptions) {
    super(options);
    this.getInstance().addHook('onRoute', ({ url, handler }) => {
      if (url === ANY_PATH) this.anyPath ??= handler;
    });
  }

  override setNotFoundHandler(handler: RouteOptions['handler']) {
    const { anyPath = handler } = this;
    return super.setNotFoundHandler(function (
      this: ThisParameterType<RouteOptions['handler']>,
      request: FastifyRequest,
      reply: FastifyReply,
    ) {
      return anyPath.call(this, request, reply);
    });
  }
}

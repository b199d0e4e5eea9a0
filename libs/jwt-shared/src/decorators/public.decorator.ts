import { SetMetadata, type CustomDecorator } from '@nestjs/common';

/** The metadata key, the one of Nest's own samples, for libraries that must not depend on this one. */
export const IS_PUBLIC = 'isPublic';

/**
 * Opens a handler, or all handlers of a class, to calls without a token. A handler for which something is said of its
 * callers (`@Scopes()`, `@Roles()`, `@RecentLogin()`, `@AllowClients()`, `@Fresh()`) stays closed when its class is public.
 */
export const Public = (): CustomDecorator => SetMetadata(IS_PUBLIC, true);

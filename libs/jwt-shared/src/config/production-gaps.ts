import { isWebUrl } from './rule.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Variables that have to be set in production, where their defaults are addresses of a developer's own machine, as empty
 * stand-ins that no rule takes.
 *
 * @param role `issuer` for auth itself, which needs its own address only where `JWT_ISSUER` is no URL
 * @example readEnvironment(BusinessEnvironment, { ...developmentDefaults('business', SECRETS), ...productionGaps('service') })
 */
export function productionGaps(
  role: 'issuer' | 'service',
  environment: Environment = process.env,
): Readonly<Record<string, () => string>> {
  if (environment['NODE_ENV'] !== 'production') return {};
  const gap = (name: string, isNeeded: boolean) =>
    isNeeded && !environment[name] ? { [name]: () => '' } : {};
  return {
    ...gap('JWT_ISSUER', environment['JWT_PROFILE'] !== 'bare'),
    ...gap('AUTH_URL', role === 'issuer' ? hasIssuerOfOtherKind(environment) : usesAuthUrl(environment)),
  };
}

function hasIssuerOfOtherKind({ JWT_ISSUER }: Environment): boolean {
  return Boolean(JWT_ISSUER) && !isWebUrl(JWT_ISSUER ?? '');
}

/** Where the feed or the keys have no address of their own. */
function usesAuthUrl({ REVOCATION_FEED_URL, JWT_ALGORITHM = 'HS256', JWT_JWKS_URL }: Environment): boolean {
  return !REVOCATION_FEED_URL || (JWT_ALGORITHM !== 'HS256' && !JWT_JWKS_URL);
}

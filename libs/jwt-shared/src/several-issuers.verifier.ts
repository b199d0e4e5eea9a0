import type { AccessToken } from './access-token.js';
import { AccessTokenVerifier } from './access-token.verifier.js';
import type { Clock } from './clock.js';
import { isNameOf } from './jose/algorithm.js';
import { parseCompactJws } from './token/compact-jws.js';
import { TokenRejected } from './token/token-rejected.error.js';
import { revocationsOf, type TrustedIssuer } from './trusted-issuer.js';

/**
 * Has each token verified by the issuer and the algorithm that it names, with the keys of that issuer alone. What a token
 * names only chooses who verifies it: the verifier of that issuer believes none of it before the signature is right.
 */
export class SeveralIssuersVerifier extends AccessTokenVerifier {
  readonly #issuers: readonly (TrustedIssuer & { readonly by: AccessTokenVerifier })[];

  /** @throws {TypeError} when there is no issuer, or the options of one would leave a check open */
  constructor(issuers: readonly TrustedIssuer[], clock?: Clock) {
    const [first] = issuers;
    if (first === undefined) throw new TypeError('at least one issuer must be trusted');
    super(first.verifier, first.keys, revocationsOf(first), clock);
    this.#issuers = issuers.map((issuer) => ({
      ...issuer,
      by: new AccessTokenVerifier(issuer.verifier, issuer.keys, revocationsOf(issuer), clock),
    }));
  }

  override async verify(token: string): Promise<AccessToken> {
    const { header, payload } = parseCompactJws(token);
    const named = this.#issuers.filter(({ verifier }) => verifier.issuer === payload['iss']);
    if (named.length === 0) throw new TokenRejected('issuer');
    const chosen = named.find(({ verifier }) => isNameOf(verifier.algorithm, header['alg']));
    try {
      if (chosen === undefined) throw new TokenRejected('algorithm');
      return await chosen.by.verify(token);
    } catch (error) {
      if (error instanceof TokenRejected)
        error.demanded = (chosen ? [chosen] : named).map(({ verifier }) => verifier);
      throw error;
    }
  }
}

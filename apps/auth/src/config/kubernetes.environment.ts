import { IsOptional, IsString, Matches } from 'class-validator';

const WEB_URL = { message: 'must be an http:// or https:// URL' };

/** What auth has to know of a Kubernetes cluster whose service accounts identify services. */
export class KubernetesEnvironment {
  /** `iss` of the cluster's service account tokens, to the character; unset: none is accepted. */
  @IsOptional() @Matches(/^https?:\/\/\S+$/, WEB_URL) KUBERNETES_ISSUER?: string;

  /** Where the cluster's public keys are; unset: `<KUBERNETES_ISSUER>/openid/v1/jwks`. */
  @IsOptional() @Matches(/^https?:\/\/\S+$/, WEB_URL) KUBERNETES_JWKS_URL?: string;

  /** A file with the bearer token that the API server asks for there; read anew for each fetch. */
  @IsOptional() @IsString() KUBERNETES_JWKS_TOKEN_FILE?: string;
}

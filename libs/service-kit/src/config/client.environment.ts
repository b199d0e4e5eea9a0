import { IsOptional, IsString, Matches } from 'class-validator';

/** Who a service is when it calls others or receives account events: a client of auth. Without a credential it does neither. */
export class ClientEnvironment {
  /** The name under which auth knows the service; its own unless set. */
  @Matches(/^[a-z][a-z0-9-]{1,62}$/, {
    message: 'must be 2 to 63 lower case letters, digits and hyphens, as `clients list` of auth shows it',
  })
  CLIENT_ID: string;

  /** How the service proves who it is. */
  @IsOptional()
  @IsString()
  CLIENT_SECRET?: string;

  /** File of a private key, as JWK or PEM, instead of a secret. */
  @IsOptional()
  @IsString()
  CLIENT_KEY_FILE?: string;

  /** File of a token that the platform renews, such as a projected service account token, instead of a secret. */
  @IsOptional()
  @IsString()
  CLIENT_ASSERTION_FILE?: string;
}

import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { ClientGrant } from './client-grant.js';
import type { Client } from './clients.repository.js';
import type { ClientWithSecret } from './clients.service.js';

const AUTHENTICATION = ['secret', 'public_key', 'jwks_url', 'service_account'] as const;

class ClientGrantDto implements ClientGrant {
  @ApiProperty() audience: string;
  @ApiProperty({ type: [String] }) scopes: readonly string[];
}

/** A service that calls others, as administrators see it: never a secret or a hash. */
export class ClientDto {
  @ApiProperty() client_id: string;
  @ApiProperty({ type: [ClientGrantDto] }) grants: readonly ClientGrant[];
  @ApiProperty() on_behalf_of_users: boolean;
  @ApiProperty({ enum: AUTHENTICATION }) authentication: (typeof AUTHENTICATION)[number];
  @ApiProperty({ type: String, nullable: true }) jwks_url: string | null;
  @ApiProperty({ type: String, nullable: true }) service_account: string | null;
  /** Until when the previous secret is good; null: there is none. */
  @ApiProperty({ type: String, nullable: true, format: 'date-time' }) previous_secret_until: string | null;
  @ApiProperty() disabled: boolean;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' }) last_token_at: string | null;

  static of(client: Client): ClientDto {
    return {
      client_id: client.id,
      grants: client.grants,
      on_behalf_of_users: client.onBehalfOfUsers,
      authentication: authenticationOf(client),
      jwks_url: client.jwksUrl,
      service_account: client.serviceAccount,
      previous_secret_until: future(client.previousSecretUntil),
      disabled: client.disabledAt !== null,
      created_at: client.createdAt.toISOString(),
      last_token_at: client.lastTokenAt?.toISOString() ?? null,
    };
  }
}

export class ClientWithSecretDto extends ClientDto {
  @ApiPropertyOptional({ description: 'One that was just made; shown once.' }) client_secret?: string;

  static withSecret({ client, secret }: ClientWithSecret): ClientWithSecretDto {
    return Object.assign(ClientDto.of(client), secret !== undefined && { client_secret: secret });
  }
}

export class ClientListDto {
  @ApiProperty({ type: [ClientDto] }) clients: ClientDto[];
}

function authenticationOf({ publicKey, jwksUrl, serviceAccount }: Client): ClientDto['authentication'] {
  if (publicKey !== null) return 'public_key';
  if (jwksUrl !== null) return 'jwks_url';
  return serviceAccount === null ? 'secret' : 'service_account';
}

function future(time: Date | null): string | null {
  return time !== null && time.getTime() > Date.now() ? time.toISOString() : null;
}

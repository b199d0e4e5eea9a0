import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { ClientDescription } from '../../client-description.js';
import type { ClientGrant } from '../../client-grant.js';

class ClientGrantDto implements ClientGrant {
  @ApiProperty() audience: string;
  @ApiProperty({ type: [String] }) scopes: readonly string[];
}

/** A service that calls others; never a secret. */
export class ClientDto implements ClientDescription {
  @ApiProperty() client_id: string;
  @ApiProperty({ type: [ClientGrantDto] }) grants: readonly ClientGrant[];
  @ApiProperty() on_behalf_of_users: boolean;

  @ApiProperty({ enum: ['secret', 'public_key', 'jwks_url', 'service_account'] })
  authentication: ClientDescription['authentication'];

  @ApiProperty({ type: String, nullable: true }) jwks_url: string | null;
  @ApiProperty({ type: String, nullable: true }) service_account: string | null;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' }) previous_secret_until: string | null;
  @ApiProperty() disabled: boolean;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' }) last_token_at: string | null;
}

export class ClientWithSecretDto extends ClientDto {
  @ApiPropertyOptional({ description: 'One that was just made; shown once.' }) client_secret?: string;
}

export class ClientListDto {
  @ApiProperty({ type: [ClientDto] }) clients: ClientDto[];
}

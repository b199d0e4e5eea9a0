import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { ClientRegistration } from '../../client-registration.js';
import type { SecretRotation } from '../../clients.service.js';

const MAX_GRANTS = 50;
const MAX_SCOPES = 100;
const SECRET_ROTATIONS = ['overlap', 'now'] as const satisfies SecretRotation[];

/** Left out, a field changes nothing; `null` is a mistake, and no way to say `false`. */
const IfGiven = () => ValidateIf((_, value) => value !== undefined);

/** What each of these must be exactly, the service checks, for the command line too. */
export class GrantDto {
  @ApiProperty({ example: 'business' })
  @IsString()
  @MaxLength(255)
  audience: string;

  @ApiProperty({ example: ['tasks:read'] })
  @IsArray()
  @ArrayMaxSize(MAX_SCOPES)
  @IsString({ each: true })
  @MaxLength(128, { each: true })
  scopes: string[];
}

function AreGrants(api: { required?: boolean; description?: string } = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ ...api, type: [GrantDto] }),
    IsArray(),
    ArrayMaxSize(MAX_GRANTS),
    IsObject({ each: true }),
    ValidateNested({ each: true }),
    Type(() => GrantDto),
  );
}

function OptionalText(maxLength: number, api: { description?: string; example?: string } = {}) {
  return applyDecorators(ApiPropertyOptional(api), IsOptional(), IsString(), MaxLength(maxLength));
}

export class AddClientDto {
  @AreGrants() grants: GrantDto[];

  @ApiPropertyOptional({ default: false })
  @IsOptional()
  @IsBoolean()
  on_behalf_of_users?: boolean;

  @OptionalText(8192, { description: 'A JWK in JSON, or PEM.' }) public_key?: string;
  @OptionalText(2048) jwks_url?: string;
  @OptionalText(320, { example: 'shop/reports' }) service_account?: string;

  registrationOf(id: string): ClientRegistration {
    return {
      id,
      grants: this.grants.map(({ audience, scopes }) => ({ audience, scopes })),
      onBehalfOfUsers: this.on_behalf_of_users ?? false,
      publicKey: this.public_key ?? undefined,
      jwksUrl: this.jwks_url ?? undefined,
      serviceAccount: this.service_account ?? undefined,
    };
  }
}

export class ChangeClientDto {
  @IfGiven()
  @AreGrants({ required: false, description: 'In place of those that it has.' })
  grants?: GrantDto[];

  @ApiPropertyOptional()
  @IfGiven()
  @IsBoolean()
  on_behalf_of_users?: boolean;

  @ApiPropertyOptional()
  @IfGiven()
  @IsBoolean()
  disabled?: boolean;

  @ApiPropertyOptional({
    enum: SECRET_ROTATIONS,
    description:
      '`overlap`: the previous secret stays good for a week. `now`: the old secrets and all tokens of the client end.',
  })
  @IfGiven()
  @IsIn(SECRET_ROTATIONS)
  rotate_secret?: SecretRotation;
}

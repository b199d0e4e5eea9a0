import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** The forms and answers of the OAuth routes, for the OpenAPI document; forms are read by `FormBody`. */
export class TokenFormDto {
  @ApiProperty({ enum: ['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'] })
  grant_type: string;

  @ApiProperty({ description: 'The one service that the token is for.' })
  audience: string;

  @ApiPropertyOptional({ description: 'All that the client may ask for, unless told; separated by spaces.' })
  scope?: string;

  @ApiPropertyOptional({ description: "Token exchange: the user's access token." })
  subject_token?: string;

  @ApiPropertyOptional({ enum: ['urn:ietf:params:oauth:token-type:access_token'] })
  subject_token_type?: string;

  @ApiPropertyOptional({ enum: ['urn:ietf:params:oauth:client-assertion-type:jwt-bearer'] })
  client_assertion_type?: string;

  @ApiPropertyOptional({
    description: 'In place of HTTP Basic: a JWT that the client, or its cluster, has signed.',
  })
  client_assertion?: string;
}

export class TokenParameterDto {
  @ApiProperty()
  token: string;

  @ApiPropertyOptional({ description: 'Taken for what it is in any case.' })
  token_type_hint?: string;
}

export class TokenResponseDto {
  @ApiProperty()
  access_token: string;

  @ApiProperty({ enum: ['Bearer'] })
  token_type: string;

  @ApiProperty({ description: 'Seconds.' })
  expires_in: number;

  @ApiPropertyOptional()
  scope?: string;

  @ApiPropertyOptional({ description: 'Token exchange: what kind of token it is (RFC 8693 §2.2.1).' })
  issued_token_type?: string;
}

export class IntrospectionDto {
  @ApiProperty()
  active: boolean;

  @ApiPropertyOptional()
  sub?: string;

  @ApiPropertyOptional()
  client_id?: string;

  @ApiPropertyOptional()
  scope?: string;

  @ApiPropertyOptional()
  exp?: number;
}

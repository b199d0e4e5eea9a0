import { ApiProperty } from '@nestjs/swagger';

export class AcceptedDto {
  @ApiProperty({ enum: ['accepted'] })
  status: 'accepted';
}

/** RFC 6749 §5.1. */
export class TokensDto {
  @ApiProperty()
  access_token: string;

  @ApiProperty({ enum: ['Bearer'] })
  token_type: 'Bearer';

  @ApiProperty({ description: 'Seconds until the access token expires.', example: 300 })
  expires_in: number;
}

export class MeDto {
  @ApiProperty({ format: 'uuid' })
  user_id: string;

  @ApiProperty({ format: 'email' })
  email: string;

  @ApiProperty()
  email_verified: boolean;

  @ApiProperty({ format: 'date-time' })
  created_at: string;
}

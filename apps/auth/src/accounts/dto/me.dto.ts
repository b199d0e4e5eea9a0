import { ApiProperty } from '@nestjs/swagger';
import type { User } from '../../users/users.repository.js';

export class MeDto {
  @ApiProperty({ format: 'uuid' }) user_id: string;
  @ApiProperty({ format: 'email' }) email: string;
  @ApiProperty() email_verified: boolean;
  @ApiProperty({ format: 'date-time' }) created_at: string;

  static of({ id, email, emailVerified, createdAt }: User): MeDto {
    return { user_id: id, email, email_verified: emailVerified, created_at: createdAt.toISOString() };
  }
}

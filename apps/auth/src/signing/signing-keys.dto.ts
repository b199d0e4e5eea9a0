import { ApiProperty } from '@nestjs/swagger';
import { stateOf, type KeyState } from './key-state.js';
import type { SigningKeyRow } from './signing-keys.table.js';

export class KeyDto {
  @ApiProperty() kid: string;
  @ApiProperty({ example: 'ES256' }) algorithm: string;
  @ApiProperty({ enum: ['next', 'current', 'retiring', 'gone', 'revoked'] }) state: KeyState;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) signs_from: string;
  @ApiProperty({ format: 'date-time' }) signs_until: string;
  @ApiProperty({ format: 'date-time' }) expires_at: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) revoked_at: string | null;

  static of(key: SigningKeyRow, all: readonly SigningKeyRow[], now: Date): KeyDto {
    return {
      kid: key.kid,
      algorithm: key.algorithm,
      state: stateOf(key, all, now),
      created_at: key.createdAt.toISOString(),
      signs_from: key.signsFrom.toISOString(),
      signs_until: key.signsUntil.toISOString(),
      expires_at: key.expiresAt.toISOString(),
      revoked_at: key.revokedAt?.toISOString() ?? null,
    };
  }
}

export class KeyListDto {
  @ApiProperty({ type: [KeyDto], description: 'None under HS256, which has no key ring.' }) keys: KeyDto[];
}

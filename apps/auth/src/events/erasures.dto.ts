import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';

export const ERASURE_STATES = ['confirmed', 'pending', 'overdue'] as const;

/** `overdue`: a service has not confirmed within `ERASURE_DEADLINE_SECONDS`. */
export type ErasureState = (typeof ERASURE_STATES)[number];

/** Which deletions an administrator asks for. */
export class ListErasuresDto {
  @IsOptional() @IsIn(ERASURE_STATES) state?: ErasureState;

  @IsOptional() @IsUUID() user_id?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 50;

  /** `next_cursor` of the page before. */
  @IsOptional() @IsUUID() cursor?: string;
}

/** What one service has said about one deletion. */
export class ErasureReceiptDto {
  client_id: string;
  /** When the service was told first; null: it has not asked yet. */
  told_at: string | null;
  /** When it confirmed that nothing is left. */
  confirmed_at: string | null;
  /** Why it could not, in its last word. */
  error: string | null;
}

/** A deletion of an account, and which services have confirmed it. */
export class ErasureDto {
  user_id: string;
  erased_at: string;
  /** `overdue`: a service has not confirmed within `ERASURE_DEADLINE_SECONDS`. */
  state: ErasureState;
  services: ErasureReceiptDto[];
}

export class ErasureListDto {
  erasures: ErasureDto[];
  next_cursor: string | null;
}

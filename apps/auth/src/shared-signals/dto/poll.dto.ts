import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  Min,
} from 'class-validator';
import { Rule } from '../../config/rule.js';

/** Acknowledgements in one request; it has to fit into a body. */
const MAX_ACKNOWLEDGED = 400;
/** Events in one answer. */
export const MAX_EVENTS = 250;

/** Why a receiver could not take an event (RFC 8936 §2.4.4). */
export interface SetError {
  readonly err: string;
  readonly description?: string;
}

/** A poll (RFC 8936 §2.2). */
export class PollDto {
  /** At most so many events are wanted; 0: none, the poll only acknowledges. */
  @IsOptional()
  @IsInt()
  @Min(0)
  maxEvents?: number;

  /** False or absent: the answer waits until there is an event, some seconds at most. */
  @IsOptional() @IsBoolean() returnImmediately?: boolean;

  /** The `jti` of events that are done with. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_ACKNOWLEDGED)
  @IsString({ each: true })
  @MaxLength(256, { each: true })
  ack?: string[];

  /** By `jti`: what the receiver could not take, and why. */
  @IsOptional()
  @IsObject()
  @Rule(
    'must hold objects with err, a word of at most 64 characters, and perhaps description, a text of at most 1,000',
    (value) => areSetErrors(value),
  )
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: {
      type: 'object',
      properties: { err: { type: 'string' }, description: { type: 'string' } },
      required: ['err'],
    },
  })
  setErrs?: Record<string, SetError>;
}

/** The answer to a poll (RFC 8936 §2.3). */
export class PollAnswerDto {
  /** Security event tokens (RFC 8417) by their `jti`, the oldest first. */
  sets: Record<string, string>;

  /** Whether there are more than were asked for. */
  moreAvailable: boolean;
}

function areSetErrors(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const errors = Object.values(value);
  return errors.length <= MAX_ACKNOWLEDGED && errors.every((error) => isSetError(error));
}

function isSetError(value: unknown): value is SetError {
  if (typeof value !== 'object' || value === null) return false;
  const { err, description = '' } = value as Record<string, unknown>;
  return (
    typeof err === 'string' &&
    /^[\w.:/-]{1,64}$/.test(err) &&
    typeof description === 'string' &&
    description.length <= 1_000
  );
}

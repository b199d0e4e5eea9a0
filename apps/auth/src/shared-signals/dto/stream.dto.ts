import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  Equals,
  IsArray,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { Rule } from '../../config/rule.js';
import { EVENTS_SUPPORTED } from '../../events/account-event.js';
import type { EventStream, StreamChanges } from '../../events/event-streams.repository.js';
import type { StreamKey } from '../set-signer.service.js';
import { VERIFICATION_INTERVAL_SECONDS } from '../shared-signals.errors.js';

/** RFC 8936; auth pushes nothing. */
export const POLL_METHOD = 'urn:ietf:rfc:8936';

/** How events are delivered: by polling. */
export class DeliveryDto {
  @Equals(POLL_METHOD, { message: `must be ${POLL_METHOD}: events are polled` })
  method: string;

  /** Auth's own, whatever is sent. */
  @IsOptional()
  @IsString()
  @MaxLength(2_048)
  endpoint_url?: string;
}

/** What a receiver chooses about its stream (OpenID SSF 1.0 §8.1.1). */
export class StreamChoiceDto {
  /** URIs of event types; those that auth does not know are ignored. Absent: every type. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(256, { each: true })
  events_requested?: string[];

  @IsOptional()
  @ValidateNested()
  @Type(() => DeliveryDto)
  delivery?: DeliveryDto;

  /** For people. */
  @IsOptional()
  @IsString()
  @MaxLength(256)
  description?: string;

  static changesOf({ events_requested: requested, description }: StreamChoiceDto): StreamChanges {
    return {
      ...(requested && { eventsRequested: EVENTS_SUPPORTED.filter((type) => requested.includes(type)) }),
      ...(typeof description === 'string' && { description: description.replaceAll('\0', '') }),
    };
  }
}

export class ChangeStreamDto extends StreamChoiceDto {
  @IsUUID()
  stream_id: string;
}

/** Which stream is meant; a receiver has one. */
export class StreamQueryDto {
  @IsOptional() @IsUUID() stream_id?: string;
}

/** Asks for a verification event (OpenID SSF 1.0 §8.1.4.2). */
export class VerifyDto {
  @IsUUID()
  stream_id: string;

  /** Comes back in the event, as it is; the database keeps neither NUL nor half a character. */
  @IsOptional()
  @IsString()
  @MaxLength(1_024)
  @Rule(
    'must be well-formed Unicode, without NUL',
    (value) => typeof value === 'string' && !value.includes('\0') && value.isWellFormed(),
  )
  state?: string;
}

/** OpenID SSF 1.0 §8.1.2.1. */
export class StreamStatusDto {
  stream_id: string;
  status: 'enabled';
}

/** A stream's configuration (OpenID SSF 1.0 §8.1.1). */
export class StreamDto {
  stream_id: string;
  iss: string;
  aud: string;
  events_supported: readonly string[];
  events_requested: readonly string[];
  events_delivered: readonly string[];
  delivery: { method: string; endpoint_url: string };
  min_verification_interval: number;
  description?: string;

  /**
   * Where auth signs with `HS256`: the key that signs the events of this stream, as a JWK. It is for this receiver
   * alone. Absent: the published keys sign.
   */
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } }) signing_key?: StreamKey;

  static of(
    { id, clientId, eventsRequested, description }: EventStream,
    { issuer, pollUrl, key }: { issuer: string; pollUrl: string; key: StreamKey | undefined },
  ): StreamDto {
    const requested = eventsRequested ?? EVENTS_SUPPORTED;
    return {
      stream_id: id,
      iss: issuer,
      aud: clientId,
      events_supported: EVENTS_SUPPORTED,
      events_requested: requested,
      events_delivered: requested,
      delivery: { method: POLL_METHOD, endpoint_url: pollUrl },
      min_verification_interval: VERIFICATION_INTERVAL_SECONDS,
      ...(description !== null && { description }),
      ...(key && { signing_key: key }),
    };
  }
}

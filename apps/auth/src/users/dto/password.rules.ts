import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsNotEmpty, IsString } from 'class-validator';
import { Rule } from '../../config/rule.js';

/** A password. What a new one must be like besides is for `PasswordPolicy` to say: an old one may be older than its rules. */
export function IsPassword(api: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ format: 'password', maxLength: 1024, ...api }),
    Transform(({ value }) => normalisePassword(value)),
    IsString({ message: 'must be a string' }),
    IsNotEmpty({ message: 'must not be empty' }),
    // Half a surrogate pair has no bytes of its own: all of them would be one password.
    Rule('must be Unicode text', (value) => typeof value === 'string' && value.isWellFormed()),
    Rule(
      'must be at most 1024 bytes long',
      (value) => typeof value === 'string' && Buffer.byteLength(value) <= 1024,
    ),
  );
}

/** NFC, so that a password is the same from every keyboard (NIST SP 800-63B-4 §3.1.1.2); nothing is trimmed or cut. */
export function normalisePassword<T>(value: T): T | string {
  return typeof value === 'string' ? value.normalize('NFC') : value;
}

import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, MaxLength } from 'class-validator';
import { Rule } from '../../config/rule.js';
import { isEmailAddress, MAX_EMAIL_LENGTH, normaliseEmail } from '../email-address.js';

/** An e-mail address, brought into the form in which it is stored. */
export function IsEmailAddress(example = 'ada@example.com'): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ format: 'email', maxLength: MAX_EMAIL_LENGTH, example }),
    Transform(({ value }) => normaliseEmail(value)),
    IsString({ message: 'must be an e-mail address' }),
    MaxLength(MAX_EMAIL_LENGTH, { message: `must be at most ${MAX_EMAIL_LENGTH} characters long` }),
    Rule('must be an e-mail address', (value) => typeof value === 'string' && isEmailAddress(value)),
  );
}

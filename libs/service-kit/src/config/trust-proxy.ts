import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsOptional, ValidateBy } from 'class-validator';
import { isIP } from 'node:net';

const MAX_HOPS = 10;

/** Whose `X-Forwarded-For` is believed: that of so many proxies in a row, or of those at these addresses. */
export type TrustProxy = number | string[];

/** A number of hops, or addresses and CIDR blocks separated by commas; unset: nobody's. */
export function IsTrustProxy(): PropertyDecorator {
  return applyDecorators(
    IsOptional(),
    Transform(({ value }) => (typeof value === 'string' ? parse(value) : value)),
    ValidateBy({
      name: 'isTrustProxy',
      validator: {
        validate: isTrustProxy,
        defaultMessage: () =>
          `must be the number of proxies (1 to ${MAX_HOPS}), or their addresses or CIDR blocks, comma separated`,
      },
    }),
  );
}

function parse(text: string): TrustProxy {
  return /^\d+$/.test(text) ? Number(text) : text.split(',').map((part) => part.trim());
}

function isTrustProxy(value: unknown): boolean {
  if (typeof value === 'number') return value >= 1 && value <= MAX_HOPS;
  return Array.isArray(value) && value.every((part) => isBlock(String(part)));
}

function isBlock(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  // Everybody's word is nobody's: with no bits at all whoever asks could choose an address.
  const mostBits = family === 6 ? 128 : 32;
  return bits === undefined || (/^\d+$/.test(bits) && Number(bits) >= 1 && Number(bits) <= mostBits);
}

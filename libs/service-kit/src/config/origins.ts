import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';

/** Origins as browsers write them, comma separated: scheme, host and port, without a path, in lower case. */
export function IsOrigins(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.split(',').map((origin) => origin.trim()) : value,
    ),
    ValidateBy({
      name: 'isOrigins',
      validator: {
        validate: (value) => Array.isArray(value) && value.every((origin) => isOrigin(String(origin))),
        defaultMessage: () =>
          'must be exact origins, comma separated, such as https://app.example.com (no path, no *)',
      },
    }),
  );
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text && !text.includes('*');
}

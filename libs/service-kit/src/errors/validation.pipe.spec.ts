import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsString, ValidateNested } from 'class-validator';
import type { ProblemException } from './problem.exception.js';
import { StrictValidationPipe } from './validation.pipe.js';

class Seal {
  @IsString()
  wax: string;
}

class Letter {
  @IsString()
  title: string;

  @ValidateNested()
  @Type(() => Seal)
  seal: Seal;
}

const GOOD = { title: 'x', seal: { wax: 'red' } };
const errorsOf = async (value: unknown): Promise<unknown> => {
  const checked = new StrictValidationPipe().transform(value, { type: 'body', metatype: Letter });
  const thrown = await checked.then(
    () => undefined,
    (error: ProblemException) => error,
  );
  return thrown && (thrown.getResponse() as { errors: unknown }).errors;
};

describe('StrictValidationPipe', () => {
  it('lets through what the DTO declares', async () => {
    expect(await errorsOf(GOOD)).toBeUndefined();
  });

  it.each(['admin', 'then', 'prototype', ...Object.getOwnPropertyNames(Object.prototype)])(
    'refuses a field %s, at every depth, in its own words',
    async (name) => {
      const message = 'is not a known field';
      expect(await errorsOf(own(GOOD, name))).toEqual([{ field: name, message }]);
      expect(await errorsOf({ ...GOOD, seal: own(GOOD.seal, name) })).toEqual([
        { field: `seal.${name}`, message },
      ]);
    },
  );

  it('has no say in what a parameter decorator gives', async () => {
    const claims = JSON.parse('{"constructor":1}') as object;
    await expect(new StrictValidationPipe().transform(claims, { type: 'custom' })).resolves.toBe(claims);
  });

  it('is not brought down by a value of any depth', async () => {
    const deep = JSON.parse(`${'['.repeat(8_000)}${']'.repeat(8_000)}`) as unknown;
    expect(await errorsOf({ ...GOOD, title: deep })).toEqual([
      { field: 'title', message: 'is nested too deeply' },
    ]);
  });
});

/** With one more property, as a parser makes it: an own one, whatever its name means elsewhere. */
function own(value: object, name: string): object {
  return Object.defineProperty({ ...value }, name, { value: 1, enumerable: true });
}

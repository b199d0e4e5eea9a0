import { describe, expect, it } from '@jest/globals';
import { IntersectionType } from '@nestjs/mapped-types';
import { declaredVariables, readEnvironment } from './read-environment.js';
import { environmentOf, WholeNumber } from './environment-of.js';

const NEEDED = { faultOf: (value: unknown) => (typeof value === 'string' ? undefined : 'must be set') };
const NUMBER = {
  fallback: 5,
  isNumber: true,
  faultOf: (value: unknown, { NAME }: Readonly<Record<string, unknown>>) =>
    Number(value) > 0 ? undefined : `must be positive for ${String(NAME)}`,
};

class Plain extends IntersectionType(
  environmentOf<{ NAME: string; COUNT: number }>({ NAME: NEEDED, COUNT: NUMBER }),
) {
  @WholeNumber(1, 9)
  OTHER = 1;
}

describe('a class of plain rules', () => {
  it('declares its variables, and reads them with their defaults, numbers as such', () => {
    expect(declaredVariables(Plain)).toEqual(new Set(['NAME', 'COUNT', 'OTHER']));
    expect(readEnvironment(Plain, {}, { NAME: 'a' })).toEqual({ NAME: 'a', COUNT: 5, OTHER: 1 });
    expect(readEnvironment(Plain, {}, { NAME: 'a', COUNT: '7' })).toMatchObject({ COUNT: 7 });
  });

  it('tells its faults beside those of others, and a rule sees what stands beside its variable', () => {
    const read = () => readEnvironment(Plain, {}, { COUNT: '-1', OTHER: '10' });
    expect(read).toThrow(
      expect.objectContaining({
        faults: [
          'OTHER must be a whole number from 1 to 9',
          'NAME must be set',
          'COUNT must be positive for undefined',
        ],
      }),
    );
  });
});

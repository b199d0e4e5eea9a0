import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { IsOrigins } from './origins.js';

class Settings {
  @IsOrigins()
  ORIGINS: readonly string[] = [];
}

const faultsOf = (ORIGINS: string) => validateSync(plainToInstance(Settings, { ORIGINS })).length;

describe('a list of origins', () => {
  it('is of exact origins', () => {
    expect(faultsOf('https://app.example.com, http://localhost:5173')).toBe(0);
  });

  it.each([
    '*',
    'null',
    'https://*.example.com',
    'https://app.example.com/',
    'https://APP.example.com',
    'file://',
  ])('has no room for %s, which no browser sends or any page could', (origin) => {
    expect(faultsOf(`https://app.example.com,${origin}`)).toBe(1);
  });
});

import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Min } from 'class-validator';
import { ConfigurationError } from './configuration.error.js';
import { readEnvironment } from './read-environment.js';

class Settings {
  @Type(() => Number)
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  WORKERS = 2;

  @IsIn(['red', 'green'], { message: 'must be one of red, green' })
  COLOUR: string;

  @IsOptional()
  @IsString()
  NOTE?: string;
}

describe('readEnvironment', () => {
  it('reads what is declared, typed, and nothing else', () => {
    const settings = readEnvironment(Settings, {}, { WORKERS: '8', COLOUR: 'red', PATH: '/bin' });
    expect(settings).toBeInstanceOf(Settings);
    expect(Object.entries(settings)).toEqual([
      ['WORKERS', 8],
      ['COLOUR', 'red'],
    ]);
  });

  it('keeps the default of what is unset or empty', () => {
    expect(readEnvironment(Settings, {}, { WORKERS: '', COLOUR: 'red' }).WORKERS).toBe(2);
  });

  it('makes a stand-in only for what is unset', () => {
    const made: string[] = [];
    const standIn = (name: string) => () => (made.push(name), 'green');
    const defaults = { COLOUR: standIn('COLOUR'), NOTE: standIn('NOTE') };
    expect(readEnvironment(Settings, defaults, { NOTE: 'mine' })).toMatchObject({
      COLOUR: 'green',
      NOTE: 'mine',
    });
    expect(made).toEqual(['COLOUR']);
  });

  it('tells every fault at once, one for each variable, and no value', () => {
    const read = () => readEnvironment(Settings, {}, { WORKERS: 'hunter2', COLOUR: 'hunter2' });
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(/^WORKERS must be .*\nCOLOUR must be one of red, green$/);
    expect(read).not.toThrow(/hunter2/);
  });
});

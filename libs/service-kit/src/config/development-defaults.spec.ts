import { afterAll, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { developmentDefaults } from './development-defaults.js';
import { workspaceRoot } from './workspace.js';

afterAll(() => rmSync(join(workspaceRoot(), '.data/shared/SPEC_SECRET')));

it('a secret of development is put into the environment, so that every reader finds the same', () => {
  const environment: NodeJS.ProcessEnv = {};
  const { SPEC_SECRET } = developmentDefaults('spec', ['SPEC_SECRET'], environment);
  const secret = SPEC_SECRET?.();
  expect(secret).toMatch(/^\S{32,}$/);
  expect(environment).toEqual({ SPEC_SECRET: secret });
});

it('production has no secrets but those that it is given', () => {
  expect(Object.keys(developmentDefaults('spec', ['SPEC_SECRET'], { NODE_ENV: 'production' }))).toEqual([
    'DATA_DIR',
    'CLIENT_ID',
  ]);
});

it.each(['development', 'production'])('in %s a service is known to auth by its own name', (NODE_ENV) => {
  const environment: NodeJS.ProcessEnv = { NODE_ENV };
  expect(developmentDefaults('spec', [], environment)['CLIENT_ID']?.()).toBe('spec');
  expect(environment['CLIENT_ID']).toBe('spec');
});

it.each(['CLIENT_KEY_FILE', 'CLIENT_ASSERTION_FILE'])(
  'a service with %s is given no secret beside it',
  (name) => {
    expect(developmentDefaults('spec', ['CLIENT_SECRET'])).toHaveProperty('CLIENT_SECRET');
    expect(developmentDefaults('spec', ['CLIENT_SECRET'], { [name]: 'file' })).not.toHaveProperty(
      'CLIENT_SECRET',
    );
  },
);

import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { randomBytes, randomUUID } from 'node:crypto';
import { weaknessOf } from './weak-secrets.js';

describe('a secret is refused', () => {
  it.each([undefined, null, 42])('when it is not there: %p', (secret) => {
    expect(weaknessOf(secret)).toBe('must be set, to at least 32 random bytes');
  });

  it.each(['', 'x', 'k3#Vb8!qLw9@Zr4$Tn6%Yh1^Mc5&Pd2', 'é'.repeat(15)])(
    'when it is under 32 bytes: %j',
    (secret) => {
      expect(weaknessOf(secret)).toBe('must be at least 32 bytes long');
    },
  );

  it.each([
    'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
    '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
    '09D25E094FAA6CA2556C818166B7A9563B93F7099F6F0F4CAA6CF63B88E8D3E7',
    '404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970',
    'DO NOT USE THIS VALUE. INSTEAD, CREATE A COMPLEX SECRET AND KEEP IT SAFE OUTSIDE OF THE SOURCE CODE.',
    'django-insecure-#1k$&v@3!x8r%z0q+p6w^t9y(b2n)m5j-h7g=f4d*s',
  ])('when it has been published: %s', (secret) => {
    expect(weaknessOf(secret)).toContain('published');
  });

  it.each([
    'a'.repeat(32),
    '0'.repeat(64),
    'ab'.repeat(16),
    'changeme'.repeat(4),
    'secretsecretsecretsecretsecretsecr',
    'x7Kq9'.repeat(10),
    'aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbcccc',
    '-'.repeat(40),
  ])('when it is a few characters over and over: %s', (secret) => {
    expect(weaknessOf(secret)).toContain('repetition');
  });

  it.each([
    'your-256-bit-secret-goes-here-please',
    'Your-256-Bit-Secret-Your-512-Bit-Secret',
    'a-string-secret-at-least-256-bits-long',
    'change-me-in-production-this-is-not-safe',
    'CHANGE_THIS_TO_A_LONG_RANDOM_STRING!',
    'please_replace_me_with_a_secure_key_32_chars',
    'my_super_secret_jwt_signing_key_for_production',
    'supersecretkeysupersecretkeysupersecret!',
    'secret-key-must-be-at-least-32-characters',
    'abcdefghijklmnopqrstuvwxyz0123456789',
    '01234567890123456789012345678901x2y3',
    'password1234567890password_admin_root',
    'qwertyuiop1234567890letmeinpassword!!',
  ])('when it is a placeholder: %s', (secret) => {
    expect(weaknessOf(secret)).toMatch(/placeholder|repetition/);
  });
});

describe('a secret is taken', () => {
  it.each(['base64', 'base64url', 'hex'] as const)('when it is random: %s', (encoding) => {
    fc.assert(
      fc.property(fc.integer({ min: 32, max: 64 }), (size) => {
        expect(weaknessOf(randomBytes(size).toString(encoding))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    randomUUID(),
    randomBytes(16).toString('hex'),
    'vier Igel trugen gestern sieben Äpfel nach Bremen',
  ])('when it only looks simple: %s', (secret) => {
    expect(weaknessOf(secret)).toBeUndefined();
  });
});

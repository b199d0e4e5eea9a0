import { describe, expect, it, jest } from '@jest/globals';
import { JwtService } from '@nestjs/jwt';
import { randomBytes } from 'node:crypto';
import { DeviceCookieService } from './device-cookie.service.js';

const jwt = new JwtService();
const secret = randomBytes(32).toString('base64');
const cookies = new DeviceCookieService(jwt, { REFRESH_TOKEN_SECRET: secret });
const pairOf = (setCookie: string) => setCookie.split(';')[0]!;

describe('a device cookie', () => {
  it('names the same device again, whatever stands around it', () => {
    const header = pairOf(cookies.setCookie('ada@example.com'));
    const device = cookies.deviceOf(`a=b; ${header}; c=d`, 'ada@example.com');
    expect(device).toMatch(/^[\w-]{22}$/);
    const renewed = pairOf(cookies.setCookie('ada@example.com', device));
    expect(cookies.deviceOf(renewed, 'ada@example.com')).toBe(device);
  });

  it('is kept from scripts, other sites, other hosts and open connections', () => {
    expect(cookies.setCookie('ada@example.com')).toMatch(
      /^__Host-signet-device=[\w-]+\.[\w-]+\.[\w-]+; Path=\/; Max-Age=15552000; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it('is worth nothing for another account, and does not name its own', () => {
    const header = pairOf(cookies.setCookie('ada@example.com'));
    expect(cookies.deviceOf(header, 'mary@example.com')).toBeUndefined();
    expect(JSON.stringify(jwt.decode(header.split('=')[1]!))).not.toContain('ada');
  });

  it('cannot be changed, made up or made with another secret', () => {
    const header = pairOf(cookies.setCookie('ada@example.com'));
    const forged = new DeviceCookieService(jwt, { REFRESH_TOKEN_SECRET: randomBytes(32).toString('base64') });
    const [name, value = ''] = header.split('=');
    const other = value.startsWith('A') ? 'B' : 'A';
    for (const text of [`${name}=${other}${value.slice(1)}`, `${name}=`, `${header}A`, 'x', '', undefined])
      expect(cookies.deviceOf(text, 'ada@example.com')).toBeUndefined();
    expect(forged.deviceOf(header, 'ada@example.com')).toBeUndefined();
  });

  it('is still known while the secret is being changed', () => {
    const next = new DeviceCookieService(jwt, {
      REFRESH_TOKEN_SECRET: randomBytes(32).toString('base64'),
      REFRESH_TOKEN_SECRET_PREVIOUS: secret,
    });
    const header = pairOf(cookies.setCookie('ada@example.com'));
    expect(next.deviceOf(header, 'ada@example.com')).toBe(cookies.deviceOf(header, 'ada@example.com'));
  });

  it('ends after half a year', () => {
    const header = pairOf(cookies.setCookie('ada@example.com'));
    jest.useFakeTimers({ now: Date.now() + 181 * 86_400_000 });
    expect(cookies.deviceOf(header, 'ada@example.com')).toBeUndefined();
    jest.useRealTimers();
  });
});

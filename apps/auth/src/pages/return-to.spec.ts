import { describe, expect, it } from '@jest/globals';
import { allowedReturnTo } from './return-to.js';

const PUBLIC_URL = 'https://id.example.com/auth';
const returnTo = (value: string | null) => allowedReturnTo(value, PUBLIC_URL, ['https://app.example.com']);

describe('allowedReturnTo', () => {
  it.each([
    ['account', '/auth/account'],
    ['/account?tab=1#data', '/account?tab=1#data'],
    ['https://id.example.com/welcome', '/welcome'],
    ['https://app.example.com', 'https://app.example.com/'],
    ['https://app.example.com/tasks?open=1', 'https://app.example.com/tasks?open=1'],
  ])('lets visitors go to %s', (value, expected) => {
    expect(returnTo(value)).toBe(expected);
  });

  it.each([
    [null],
    ['https://evil.example'],
    ['//evil.example/x'],
    ['\\\\evil.example'],
    ['/\\evil.example'],
    ['http://app.example.com'],
    ['https://app.example.com.evil.example'],
    ['https://app.example.com@evil.example'],
    ['https://user:secret@app.example.com/'],
    ['https://app.example.com:8443/'],
    ['javascript:alert(1)'],
    ['java\nscript:alert(1)'],
    ['data:text/html,<script>alert(1)</script>'],
    ['blob:https://app.example.com/0'],
    ['https://app.example.com/'.padEnd(3000, 'x')],
  ])('lets nobody be sent to %s', (value) => {
    expect(returnTo(value)).toBeUndefined();
  });

  it('gives no path that is another host to a reader', () => {
    expect(returnTo('https://id.example.com//evil.example/x')).toBe('/evil.example/x');
    expect(returnTo('/.//evil.example')).toBe('/evil.example');
  });
});

import { describe, expect, it } from '@jest/globals';
import { Padding } from './padding.js';

describe('the padding of failures', () => {
  it('is none until something dearer is stored, and none when that has gone', () => {
    const padding = new Padding();
    padding.observe(25);
    expect(padding.ms).toBe(0);
    padding.padTo(143);
    expect(padding.ms).toBe(143);
    padding.padTo(0);
    expect(padding.ms).toBe(0);
  });

  it('never falls below the dearest, however many cheaper checks come in between', () => {
    const padding = new Padding();
    padding.padTo(143);
    for (let times = 0; times < 1000; times++) padding.observe(25);
    expect(padding.ms).toBe(143);
  });

  it('follows a machine that is busy, up to a bound, and back', () => {
    const padding = new Padding();
    padding.padTo(143);
    padding.observe(400);
    expect(padding.ms).toBe(400);
    padding.observe(60_000);
    expect(padding.ms).toBe(3_000);
    for (let times = 0; times < 1000; times++) padding.observe(25);
    expect(padding.ms).toBe(143);
  });

  it('waits for what is left of the time', async () => {
    const padding = new Padding();
    padding.padTo(200);
    const began = performance.now();
    await padding.after(50);
    // A timer may be a millisecond early.
    expect(performance.now() - began).toBeGreaterThan(148);
  });
});

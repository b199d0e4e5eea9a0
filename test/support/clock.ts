import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A wall clock that a test sets; the monotonic clock of the processes that run by it is left alone. */
export class FalseClock {
  private readonly file = join(mkdtempSync(join(tmpdir(), 'signet-clock-')), 'offset');

  constructor() {
    this.set(0);
  }

  /** `NODE_OPTIONS` of a process that runs by this clock. */
  get nodeOptions(): string {
    return `--import data:text/javascript,${encodeURIComponent(`
      import { readFileSync } from 'node:fs';
      const Real = Date;
      const offset = () => Number(readFileSync(${JSON.stringify(this.file)}, 'utf8'));
      globalThis.Date = class Date extends Real {
        constructor(...parts) { if (parts.length) super(...parts); else super(Real.now() + offset()); }
        static now() { return Real.now() + offset(); }
      };`)}`;
  }

  /** @param offset milliseconds by which it is ahead */
  set(offset: number): void {
    writeFileSync(this.file, String(offset));
  }
}

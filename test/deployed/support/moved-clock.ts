import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** What functions take for the time of day, in a test in which days pass. */
export interface MovedClock {
  /** Of the functions that are to have it. */
  environment: Readonly<Record<string, string>>;
  now(): number;
  pass(ms: number): void;
}

const SOURCE = `import { readFileSync } from 'node:fs';
const { now } = Date;
Date.now = () => now() + Number(readFileSync(new URL('passed', import.meta.url), 'utf8'));
`;

/** Goes with the running test. */
export function movedClock(): MovedClock {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-clock-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const script = join(folder, 'clock.mjs');
  let passedMs = 0;
  const write = () => writeFileSync(join(folder, 'passed'), String(passedMs));
  write();
  writeFileSync(script, SOURCE);
  return {
    environment: { NODE_OPTIONS: `--import=${script}` },
    now: () => Date.now() + passedMs,
    pass(ms) {
      passedMs += ms;
      write();
    },
  };
}

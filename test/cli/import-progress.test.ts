import { describe, expect, it } from 'vitest';
import { ImportProgressLine, importLine } from '../../src/cli/import-progress.ts';
import { noCounts } from '../../src/import/engine/batch.ts';
import type { Job } from '../../src/import/job/job.ts';
import { smallJob } from '../import/job/small-import.ts';

function jobAt(bytesRead: number, rows: number, failed = 0): Job {
  const counts = { ...noCounts(), rows, failed };
  const parts = [{ runs: [], counts, bytesRead, isDone: false }];
  return smallJob({}, { state: 'running', bytesTotal: 24_000_000, parts });
}

const since = { ms: 1_000, bytes: 0, rows: 0 };
const done = { ms: 3_000, bytes: 12_000_000, rows: 18_000 };

describe('the progress of an import', () => {
  it('shows bytes, rows a second, the time left and what failed, within the width', () => {
    const state = { since, done, committing: undefined, columns: 110 };
    expect(importLine(jobAt(12_000_000, 18_000, 2), state)).toBe(
      'reading [###############...............] 50 %, 12.0 of 24.0 MB, 9,000 rows/s, 2 s left, 2 failed',
    );
    for (let columns = 1; columns < 130; columns += 1)
      expect(importLine(jobAt(12_000_000, 18_000), { ...state, columns }).length).toBeLessThan(columns);
  });

  it('shows how many files are committed', () => {
    const committing = { done: 250, total: 1_000 };
    expect(importLine(jobAt(0, 0), { since, done, committing, columns: 60 })).toBe(
      'committing [#######.....................] 250 of 1000 files',
    );
  });

  it('draws as often as it is told to, and writes plain lines a fifth as often elsewhere', () => {
    for (const [live, wanted] of [
      [true, 101],
      [false, 19],
    ] as const) {
      const shown: string[] = [];
      let now = 1_000_000;
      const show = (line: string) => shown.push(line);
      const terminal = { live, columns: 80, draw: show, say: show, out: () => undefined };
      const progress = new ImportProgressLine(terminal, { now: () => now }, 100);
      for (; now < 1_010_000; now += 10) progress.show(jobAt(1_000, 1));
      expect(shown.length).toBeGreaterThanOrEqual(wanted / 2);
      expect(shown.length).toBeLessThanOrEqual(wanted);
    }
  });
});

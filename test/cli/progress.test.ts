import { describe, expect, it } from 'vitest';
import { duration, Progress, progressLine } from '../../src/cli/progress.ts';

const state = { label: 'reading', unit: 'files', done: 250, total: 1000, elapsedMs: 500, columns: 80 };

describe('progress', () => {
  it('shows a bar, the rate and the time left, within the width', () => {
    const line = progressLine(state);
    expect(line).toBe('reading [#######.......................] 250 of 1000 files, 500/s, 2 s left');
    for (let columns = 0; columns < 120; columns += 1) {
      const { length } = progressLine({ ...state, columns });
      if (columns > 0) expect(length).toBeLessThan(columns);
    }
  });

  it('shows a count where the total is not known', () => {
    expect(progressLine({ ...state, total: 0 })).toBe('reading 250 files, 500/s');
    expect(progressLine({ ...state, total: 0, done: 0, elapsedMs: 0 })).toBe('reading 0 files');
  });

  it('draws on a terminal at most every tenth of a second, and writes plain lines elsewhere', () => {
    for (const live of [true, false]) {
      const drawn: string[] = [];
      const said: string[] = [];
      let now = 1_000_000;
      const terminal = {
        live,
        columns: 80,
        draw: (line: string) => drawn.push(line),
        say: (line: string) => said.push(line),
        out: () => undefined,
      };
      const progress = new Progress(terminal, { now: () => now });
      progress.phase('reading', 'files', 6000);
      for (let index = 0; index < 600; index += 1) {
        now += 10;
        progress.advance(10);
      }
      progress.end();
      if (live) expect(drawn.length).toBe(1 + 60 + 1);
      else expect(said).toEqual(['reading 5000 of 6000 files, 1000/s, 1 s left']);
      expect(live ? said : drawn).toEqual([]);
    }
  });

  it('says durations as people do', () => {
    expect([0, 850, 12_345, 200_000, 7_500_000].map(duration)).toEqual([
      '0 ms',
      '850 ms',
      '12 s',
      '3 min 20 s',
      '2 h 5 min',
    ]);
  });
});

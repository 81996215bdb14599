import { describe, expect, it } from 'vitest';
import { type TurnOptions, takeTurns } from './take-turns.ts';

// All times are simulated: the same on every machine.

const DISK = { getMs: 0.3, putMs: 2, local: true, thinkMs: 5 };
const S3 = { getMs: 20, putMs: 60 };
const PATIENCE_MS = 2_000;

interface Crowd {
  fast: number;
  slow: number;
  applyMs: number;
  isLong?: boolean;
}

/** Some that write small things without pause, and some whose writes take long to evaluate. */
async function beside(crowd: Crowd, store: Pick<TurnOptions, 'getMs' | 'putMs' | 'local' | 'thinkMs'>) {
  const { fast, slow, applyMs, isLong = true } = crowd;
  const { tookMs, refusals } = await takeTurns({
    ...store,
    processes: slow + fast,
    writersEach: 1,
    durationMs: 30_000,
    slow: { processes: slow, applyMs, isLong },
  });
  return { slow: tookMs.slice(0, slow), fast: tookMs.slice(slow), refusals };
}

const crowds: Crowd[] = [
  { fast: 1, slow: 1, applyMs: 60 },
  { fast: 4, slow: 1, applyMs: 60 },
  { fast: 1, slow: 1, applyMs: 60, isLong: false },
  { fast: 8, slow: 3, applyMs: 60, isLong: false },
  { fast: 8, slow: 3, applyMs: 200 },
  { fast: 1, slow: 1, applyMs: 1_000 },
];

describe('what takes long to evaluate', () => {
  it.each(crowds)(
    'gets through on a disk beside those who never pause, and keeps none waiting long: %o',
    async crowd => {
      const { slow, fast, refusals } = await beside(crowd, DISK);
      expect(refusals).toEqual([]);
      const roundMs = crowd.slow * (crowd.applyMs + 50);
      for (const took of slow) expect(Math.max(...took)).toBeLessThan(6 * roundMs);
      for (const took of slow) expect(took.length).toBeGreaterThan(3);
      for (const took of fast) expect(Math.max(...took)).toBeLessThan(3 * roundMs);
    },
  );

  it.each(crowds)('gets through on S3 just as well: %o', async crowd => {
    const { slow, fast, refusals } = await beside(crowd, S3);
    expect(refusals).toEqual([]);
    const roundMs = crowd.slow * (crowd.applyMs + 300) + crowd.fast * 100;
    for (const took of slow) expect(Math.max(...took)).toBeLessThan(4 * roundMs);
    for (const took of slow) expect(took.length).toBeGreaterThan(3);
    for (const took of fast) expect(Math.max(...took)).toBeLessThan(2 * roundMs);
  });

  it('keeps others waiting for no longer than they have patience, and not all the time', async () => {
    for (const store of [DISK, S3]) {
      const { fast } = await beside({ fast: 2, slow: 1, applyMs: 3_000 }, store);
      const all = fast.flat();
      expect(Math.max(...all)).toBeLessThan(PATIENCE_MS + 1_000);
      const waitedMs = all.filter(ms => ms > 500).reduce((sum, ms) => sum + ms, 0);
      expect(waitedMs).toBeLessThan(0.5 * fast.length * 30_000);
    }
  });

  it('costs no more than that when it ended in its turn', async () => {
    for (const store of [DISK, S3]) {
      const { firstMs, tookMs } = await takeTurns({
        ...store,
        processes: 4,
        writersEach: 1,
        durationMs: 10_000,
        abandoned: true,
      });
      expect(Math.min(...firstMs)).toBeGreaterThan(PATIENCE_MS - 100);
      expect(Math.max(...firstMs)).toBeLessThan(PATIENCE_MS + 1_000);
      for (const [, ...later] of tookMs) expect(Math.max(...later)).toBeLessThan(1_500);
    }
  });

  it('is not waited for by who has no time for it', async () => {
    const { latenciesMs, refusals } = await takeTurns({
      ...S3,
      processes: 1,
      writersEach: 1,
      durationMs: 5_000,
      limitMs: 900,
      abandoned: true,
    });
    expect(refusals).toEqual([]);
    expect(latenciesMs.length).toBeGreaterThan(20);
  });
});

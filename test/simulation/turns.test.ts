import { describe, expect, it } from 'vitest';
import { takeTurns } from './take-turns.ts';

// All times are simulated: the same on every machine.

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
}

describe('turns', () => {
  it('cost nothing to a writer that is alone', async () => {
    const alone = await takeTurns({ processes: 1, writersEach: 1, getMs: 20, putMs: 60, durationMs: 30_000 });
    expect(alone.putsPerSwap).toBeLessThan(1.01);
    expect(alone.getsPerSwap).toBeLessThan(0.025);
    expect(percentile(alone.latenciesMs, 0.9)).toBeLessThan(66);
  });

  it('are shared by all writers of one process', async () => {
    const together = await takeTurns({
      processes: 1,
      writersEach: 64,
      getMs: 20,
      putMs: 60,
      durationMs: 30_000,
    });
    expect(together.commitsPerSecond).toBeGreaterThan(1_000);
  });

  it('come round for 64 processes', async () => {
    const many = await takeTurns({ processes: 64, writersEach: 1, getMs: 20, putMs: 60, durationMs: 60_000 });
    expect(many.commitsPerSecond).toBeGreaterThan(12);
    expect(percentile(many.latenciesMs, 0.99)).toBeLessThan(1.5 * 64 * 60);
    expect(Math.min(...many.commits)).toBeGreaterThan(0.5 * Math.max(...many.commits));
  });

  it('come round for 64 processes in as good time where a read takes as long as a put', async () => {
    for (const seed of [1, 2, 3]) {
      const many = await takeTurns({
        processes: 64,
        writersEach: 1,
        getMs: 60,
        putMs: 60,
        durationMs: 90_000,
        seed,
      });
      expect(many.commitsPerSecond, `seed ${seed}`).toBeGreaterThan(13);
      expect(percentile(many.latenciesMs, 0.99), `seed ${seed}`).toBeLessThan(1.5 * 64 * 60);
    }
  });

  it.each([2, 8])('are forgotten soon by the %d who stay when a crowd has left', async stay => {
    const { lateLatenciesMs } = await takeTurns({
      processes: 64,
      writersEach: 1,
      getMs: 20,
      putMs: 60,
      durationMs: 100_000,
      crowd: { ms: 30_000, stay, thinkMs: 1_000 },
    });
    expect(lateLatenciesMs.length).toBeGreaterThan(20 * stay);
    expect(percentile(lateLatenciesMs, 0.9)).toBeLessThan(500);
  });

  it.each([20, 60])(
    'that will not come before the deadline are refused in time (a read takes %d ms)',
    async getMs => {
      const { refusals, latenciesMs } = await takeTurns({
        processes: 64,
        writersEach: 1,
        getMs,
        putMs: 60,
        durationMs: 40_000,
        limitMs: 2_500,
      });
      expect(latenciesMs.length).toBeGreaterThan(200);
      expect(refusals.length).toBeGreaterThan(100);
      const told = refusals.filter(({ code }) => code === 'contention');
      expect(told.length / refusals.length).toBeGreaterThan(0.95);
      expect(told.filter(({ applied }) => applied)).toEqual([]);
      for (const { tookMs, retryAfterMs } of told) {
        expect(tookMs).toBeLessThan(2_500);
        expect(retryAfterMs).toBeGreaterThanOrEqual(1_000);
      }
    },
  );

  it('come round for 8 processes of 8 writers, none of which gets more than the others', async () => {
    const few = await takeTurns({ processes: 8, writersEach: 8, getMs: 20, putMs: 60, durationMs: 60_000 });
    expect(few.commitsPerSecond).toBeGreaterThan(80);
    expect(Math.min(...few.commits)).toBeGreaterThan(0.7 * Math.max(...few.commits));
    expect(percentile(few.latenciesMs, 0.99)).toBeLessThan(4 * 8 * 60);
  });

  it.each([20, 60])('come to one who joins a busy writer, in good time (a read takes %d ms)', async getMs => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const early = { processes: 1, ms: 5_000 };
      const two = await takeTurns({
        processes: 2,
        writersEach: 1,
        getMs,
        putMs: 60,
        durationMs: 25_000,
        seed,
        early,
      });
      expect(two.firstMs[1], `seed ${seed}`).toBeLessThan(15_000);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { takeTurns } from '../take-turns.ts';
import { type HandOver, handOver } from './hand-over.ts';

// All times are simulated. The figures are those of docs/decisions/0012-hand-over.md.

const DURATION_MS = 20_000;

function tryHandOver(processes: number, getMs: number): Promise<HandOver> {
  return handOver({
    processes,
    getMs,
    putMs: 60,
    durationMs: DURATION_MS,
    windowMs: 400,
    leader: 'anyone',
  });
}

async function gain(processes: number, getMs: number): Promise<number> {
  const turns = await takeTurns({ processes, writersEach: 1, getMs, putMs: 60, durationMs: DURATION_MS });
  const { commitsPerSecond } = await tryHandOver(processes, getMs);
  return commitsPerSecond / turns.commitsPerSecond;
}

describe('requests that are handed over', () => {
  it.each([1, 2, 8, 64])('by %d processes are carried out once each', async processes => {
    const { wrong, commits } = await tryHandOver(processes, 20);
    expect(wrong).toEqual([]);
    expect(commits.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
  });

  it.each([20, 60])('gain much among 64 processes (a read takes %d ms)', async getMs => {
    expect(await gain(64, getMs)).toBeGreaterThan(8);
  });

  it('gain little among 8 processes, and nothing among 2', async () => {
    expect(await gain(8, 20)).toBeLessThan(2.5);
    expect(await gain(2, 20)).toBeLessThan(1);
  });
});

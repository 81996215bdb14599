import { expect, test } from 'vitest';
import { SequentialReads } from '../../src/git/view/sequential-reads.ts';

const FILE = Buffer.from(Array.from({ length: 4_000_000 }, (_, at) => (at * 31) % 251));

function counted() {
  const requests: [number, number][] = [];
  const failing = { now: false };
  const reads = new SequentialReads(async (_file, start, end) => {
    requests.push([start, end]);
    if (failing.now) throw new Error('broken');
    return FILE.subarray(start, end);
  });
  return { reads, requests, failing };
}

async function through(reads: SequentialReads, count: number, step: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    const bytes = await reads.read('a', at * step, at * step + 100);
    expect(bytes.equals(FILE.subarray(at * step, at * step + 100))).toBe(true);
  }
}

test('who goes through a file gets it in large pieces', async () => {
  const { reads, requests } = counted();
  await through(reads, 2_000, 120);
  expect(requests.length).toBeLessThan(12);
});

test('reads that lie far from each other are left as they are', async () => {
  const { reads, requests } = counted();
  await through(reads, 20, 180_000);
  for (let at = 20; at > 0; at -= 1) await reads.read('b', at * 180_000, at * 180_000 + 100);
  expect(requests).toHaveLength(40);
});

test('the order within a neighbourhood does not matter', async () => {
  const { reads, requests } = counted();
  for (let at = 0; at < 1_000; at += 1) {
    const start = 1_000 * (100 * Math.floor(at / 100) + ((at * 37) % 100));
    expect((await reads.read('a', start, start + 10)).equals(FILE.subarray(start, start + 10))).toBe(true);
  }
  expect(requests.length).toBeLessThan(12);
});

test('several files do not disturb each other', async () => {
  const { reads, requests } = counted();
  for (let at = 0; at < 500; at += 1) {
    for (const file of ['a', 'b', 'c']) await reads.read(file, at * 100, at * 100 + 100);
  }
  expect(requests.length).toBeLessThan(40);
});

test('at the end of a file there is as much as there is', async () => {
  const { reads } = counted();
  for (let at = 0; at < 20; at += 1) await reads.read('a', 3_990_000 + at, 3_990_010 + at);
  expect((await reads.read('a', 3_999_950, 4_000_050)).equals(FILE.subarray(3_999_950))).toBe(true);
});

test('a piece that could not be read is read again', async () => {
  const { reads, failing } = counted();
  await through(reads, 8, 100);
  failing.now = true;
  await expect(reads.read('a', 800, 900)).rejects.toThrow('broken');
  failing.now = false;
  expect((await reads.read('a', 800, 900)).equals(FILE.subarray(800, 900))).toBe(true);
});

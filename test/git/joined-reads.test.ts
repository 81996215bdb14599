import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JoinedReads } from '../../src/git/view/joined-reads.ts';

const FILE = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 31) % 251));

function counted() {
  const requests: string[] = [];
  const reads = new JoinedReads(async (file, start, end) => {
    requests.push(`${file} ${start}-${end}`);
    if (file === 'broken') throw new Error('broken');
    return FILE.subarray(start, end);
  });
  return { reads, requests };
}

test('ranges that lie near each other become one request, for each file', async () => {
  const { reads, requests } = counted();
  const answers = reads.together(() => [
    reads.read('a', 50_000, 50_100),
    reads.read('b', 0, 10),
    reads.read('a', 0, 100),
    reads.read('a', 100, 200),
    reads.read('a', 10_000, 10_100),
  ]);
  expect(requests).toEqual(['a 0-10100', 'a 50000-50100', 'b 0-10']);
  const wanted = [FILE.subarray(50_000, 50_100), FILE.subarray(0, 10), FILE.subarray(0, 100)];
  expect((await Promise.all(answers)).slice(0, 3)).toEqual(wanted);
});

test('every range gets its own bytes, whatever was asked for beside it', async () => {
  const anyRange = fc
    .tuple(fc.nat(FILE.length), fc.nat(40_000))
    .map(([start, length]): [number, number] => [start, start + length]);
  await fc.assert(
    fc.asyncProperty(fc.array(anyRange), async ranges => {
      const { reads, requests } = counted();
      const asked = reads.together(() => ranges.map(([start, end]) => reads.read('a', start, end)));
      for (const [at, bytes] of (await Promise.all(asked)).entries())
        expect(bytes.equals(FILE.subarray(...(ranges[at] as [number, number])))).toBe(true);
      expect(requests.length).toBeLessThanOrEqual(ranges.length);
    }),
  );
});

test('outside, and after something was waited for, each goes out at once', async () => {
  const { reads, requests } = counted();
  await reads.read('a', 0, 10);
  await reads.together(async () => {
    await reads.read('a', 10, 20);
    await reads.read('a', 20, 30);
  });
  expect(requests).toEqual(['a 0-10', 'a 10-20', 'a 20-30']);
});

test('a request that fails fails for all who share it, and for nobody else', async () => {
  const { reads } = counted();
  const asked = reads.together(() => [
    reads.read('broken', 0, 10),
    reads.read('broken', 10, 20),
    reads.read('a', 0, 10),
  ]);
  const states = (await Promise.allSettled(asked)).map(({ status }) => status);
  expect(states).toEqual(['rejected', 'rejected', 'fulfilled']);
});

test('what throws while it asks leaves nothing open', async () => {
  const { reads, requests } = counted();
  let asked: Promise<Buffer> | undefined;
  const asking = () => {
    asked = reads.read('a', 0, 10);
    throw new Error('no more');
  };
  expect(() => reads.together(asking)).toThrow('no more');
  expect(await asked).toEqual(FILE.subarray(0, 10));
  await reads.read('a', 10, 20);
  expect(requests).toEqual(['a 0-10', 'a 10-20']);
});

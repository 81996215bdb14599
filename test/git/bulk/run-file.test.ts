import { expect, test } from 'vitest';
import type { BulkRow } from '../../../src/git/bulk/bulk-run.ts';
import { readRunRow, runWindows } from '../../../src/git/bulk/run-file.ts';
import { comparePaths } from '../../../src/git/object/paths.ts';
import { runOf } from './run-of.ts';

const row = (path: string, more: Partial<BulkRow> = {}): BulkRow => ({
  path,
  oid: '0123456789abcdef0123456789abcdef01234567',
  size: 12,
  place: { offset: 12, length: 300 },
  description: '{"facts":{},"targets":[]}',
  targets: ['wiki:a', 'path:b.md'],
  source: 0,
  row: 1,
  ...more,
});

async function readAll(bytes: Buffer, windowBytes: number): Promise<BulkRow[]> {
  const rows: BulkRow[] = [];
  const read = async (start: number, end: number) => bytes.subarray(start, end);
  for await (const window of runWindows({ key: 'run', bytes: bytes.length }, read, windowBytes)) {
    for (let at = 0; at < window.length; ) {
      const next = readRunRow(window, at);
      rows.push(next.row);
      at = next.end;
    }
  }
  return rows;
}

test('a run tells its rows again, whatever the windows', async () => {
  const rows = [
    row('a.md', { place: undefined, size: 2 ** 40 }),
    row('b/ü.md', { description: undefined, targets: [] }),
    ...Array.from({ length: 2000 }, (_, at) => row(`c/${1000 + at}.md`, { row: at })),
    row('long.md', { description: 'x'.repeat(100_000) }),
  ];
  const bytes = runOf(rows.toReversed());
  for (const windowBytes of [1, 5000, 64 << 10, 1 << 24])
    expect(await readAll(bytes, windowBytes)).toEqual(rows);
});

test('rows are sorted by the bytes of their paths, then by their origins', async () => {
  const paths = ['\u{1f600}.md', '\uffee.md', 'a/b.md', 'a-b.md', 'A.md', 'a.md'];
  const run = runOf([row('a.md', { source: 1 }), row('a.md', { row: 7 }), ...paths.map(path => row(path))]);
  const sorted = await readAll(run, 1 << 20);
  expect(sorted.map(each => each.path)).toEqual([...paths, 'a.md', 'a.md'].sort(comparePaths));
  const same = sorted.filter(each => each.path === 'a.md').map(each => [each.source, each.row]);
  expect(same).toEqual([
    [0, 1],
    [0, 7],
    [1, 1],
  ]);
});

test('a run that was cut off or changed is told', async () => {
  const bytes = runOf([row('a.md'), row('b.md')]);
  await expect(readAll(bytes.subarray(0, -1), 1 << 20)).rejects.toMatchObject({ code: 'bytes_corrupt' });
  const changed = Buffer.from(bytes);
  changed[20] = 0xff;
  await expect(readAll(changed, 1 << 20)).rejects.toMatchObject({ code: 'bytes_corrupt' });
});

test('an empty run has no rows', async () => {
  expect(runOf([])).toHaveLength(0);
  expect(await readAll(Buffer.alloc(0), 10)).toEqual([]);
});

import { expect, test } from 'vitest';
import type { FileRow, Row } from '../../src/git/layer/layer.ts';
import { Layers } from '../../src/git/layer/layers.ts';
import { BlockCache } from '../../src/git/map/block-cache.ts';
import { MapLayer } from '../../src/git/map/map-reader.ts';
import type { MapContents } from '../../src/git/map/map-writer.ts';
import { encodeMap } from '../../src/git/map/map-writer.ts';
import { byBytes, sha1, treeKey } from './history-model.ts';
import { EMPTY, openMap, SMALL_BLOCKS } from './map-support.ts';

const file = (name: string): FileRow => ({
  kind: 'file',
  name,
  mode: 0o100644,
  oid: sha1(name),
  size: 1,
  commit: sha1('commit'),
  ordinal: 0,
  seconds: 0,
  offsetMinutes: 0,
});

/** `count` files in the root, and some in `folder`. */
function manyRows(count: number): MapContents {
  const rows: Row[] = Array.from({ length: count }, (_, at) => file(`page ${at}.md`));
  rows.push({ kind: 'folder', name: 'folder', oid: sha1('folder') });
  rows.sort((a, b) => byBytes(treeKey(a), treeKey(b)));
  const inFolder = ['x', 'y'].map(name => ({ folder: 'folder', row: file(name) }));
  return { ...EMPTY, rows: [...rows.map(row => ({ folder: '', row })), ...inFolder] };
}

test('answers are promises while blocks are read and values once they are in memory', async () => {
  const { layer, reads } = openMap(manyRows(20), { limits: SMALL_BLOCKS });
  const first = layer.row('', 'page 3.md');
  expect(first).toBeInstanceOf(Promise);
  expect(await first).toEqual(file('page 3.md'));
  expect(layer.row('', 'page 3.md')).toEqual(file('page 3.md'));
  expect(reads).toHaveLength(1);
  await layer.rows('');
  expect(new Layers([layer]).file('page 7.md')).toMatchObject({ path: 'page 7.md', oid: sha1('page 7.md') });
});

test('missing blocks that lie together are one read, and those in memory are not read again', async () => {
  const { layer, index, reads } = openMap(manyRows(40), { limits: SMALL_BLOCKS });
  await layer.row('', 'page 28.md');
  expect(reads).toHaveLength(1);
  expect((await layer.rows('')).length).toBe(41);
  expect(reads).toHaveLength(3);
  const bytes = reads.reduce((sum, [start, end]) => sum + end - start, 0);
  expect(bytes).toBe(index.bytes);
});

test('look-ups of one block at one time share its read', async () => {
  const { layer, reads } = openMap(manyRows(3));
  const found = await Promise.all([
    layer.row('', 'page 0.md'),
    layer.row('', 'page 1.md'),
    layer.rows('folder'),
  ]);
  expect(found[2]).toHaveLength(2);
  expect(reads).toHaveLength(1);
});

test('a cold update of a nested page reads only the blocks of the folders on its path', async () => {
  const rows: { folder: string; row: Row }[] = [];
  for (let at = 0; at < 50; at += 1)
    rows.push({ folder: '', row: { kind: 'folder', name: `f${at}`, oid: sha1('f') } });
  for (let at = 0; at < 5000; at += 1) rows.push({ folder: `f${at % 50}`, row: file(`page ${at}.md`) });
  rows.sort((a, b) => byBytes(a.folder, b.folder) || byBytes(treeKey(a.row), treeKey(b.row)));
  const { layer, file: map, reads } = openMap({ ...EMPTY, rows });
  const answers = [layer.rows(''), layer.rows('f17')];
  expect(reads.length).toBeLessThanOrEqual(2);
  const bytes = reads.reduce((sum, [start, end]) => sum + end - start, 0);
  expect(bytes).toBeLessThan(map.length / 6);
  const lists = await Promise.all(answers);
  expect(lists.map(list => list.length)).toEqual([50, 100]);
});

test('a failed read is forgotten', async () => {
  const { bytes, index } = encodeMap(manyRows(3));
  const whole = Buffer.concat(bytes);
  let fails = true;
  const read = async (start: number, end: number) => {
    if (fails) throw new Error('no connection');
    return whole.subarray(start, end);
  };
  const layer = new MapLayer({ name: 'm', index, read, cache: new BlockCache() });
  await expect(layer.row('', 'page 1.md')).rejects.toThrow('no connection');
  fails = false;
  expect(await layer.row('', 'page 1.md')).toEqual(file('page 1.md'));
});

test('a folder is found although many names between it and a file of its name fill blocks', async () => {
  const between = Array.from({ length: 100 }, (_, at) => file(`a-${1000 + at}`));
  const folder: Row = { kind: 'folder', name: 'a', oid: sha1('a') };
  for (const sibling of [[], [file('Z')]]) {
    const rows = [...sibling, ...between, folder].map(row => ({ folder: '', row }));
    const { layer } = openMap({ ...EMPTY, rows }, { limits: SMALL_BLOCKS });
    expect(await layer.row('', 'a')).toEqual(folder);
    expect(await layer.row('', 'a-1050')).toEqual(between[50]);
    expect(await layer.row('', 'b')).toBeUndefined();
    expect(await layer.row('', '')).toBeUndefined();
  }
  const rows = [file('a'), ...between].map(row => ({ folder: '', row }));
  expect(await openMap({ ...EMPTY, rows }, { limits: SMALL_BLOCKS }).layer.row('', 'a')).toEqual(file('a'));
});

test('two commits that share a prefix are both found by it, whatever its number of digits', async () => {
  const oids = ['abcdef0', 'abcdef1', 'abcdee0', 'f'].map(start => start.padEnd(40, '7'));
  const log = oids.map(oid => ({ oid, ordinal: 0, bytes: Buffer.from(oid), changes: [] }));
  for (const limits of [SMALL_BLOCKS, undefined]) {
    const { layer } = openMap({ ...EMPTY, log }, limits ? { limits } : {});
    expect(await layer.resolve('abcdef')).toEqual([oids[0], oids[1]]);
    expect(await layer.resolve('abcdef1')).toEqual([oids[1]]);
    expect(await layer.resolve('abcde')).toEqual([oids[2], oids[0]]);
    expect(await layer.resolve('abcdf')).toEqual([]);
    expect(await layer.resolve('0000')).toEqual([]);
    expect(await layer.resolve(oids[3] ?? '')).toEqual([oids[3]]);
  }
});

test('a list of files is gathered with one read of the rows', async () => {
  const { layer, reads } = openMap(manyRows(200), { limits: { targetBytes: 500, maxBlocks: 100 } });
  expect(await new Layers([layer]).files('')).toHaveLength(202);
  expect(reads).toHaveLength(1);
});

test('a page of the log is read from all its layers at once', async () => {
  const log = (name: string) =>
    Array.from({ length: 5 }, (_, at) => ({
      oid: sha1(`${name} ${at}`),
      ordinal: at,
      bytes: Buffer.alloc(1),
      changes: [],
    }));
  const maps = ['new', 'old'].map(name => openMap({ ...EMPTY, log: log(name) }));
  const layers = new Layers(maps.map(map => map.layer));
  const page = layers.logPage(3, 8);
  expect(maps.map(map => map.reads.length)).toEqual([1, 1].map(() => expect.any(Number)));
  expect(maps.every(map => map.reads.length > 0)).toBe(true);
  expect((await page).map(row => row.oid)).toEqual(
    [...log('old').slice(3), ...log('new').slice(0, 3)].map(row => row.oid),
  );
});

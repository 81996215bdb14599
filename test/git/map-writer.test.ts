import { expect, test } from 'vitest';
import type { FileRow } from '../../src/git/layer/layer.ts';
import { unpackBlocks } from '../../src/git/map/map-index.ts';
import { mergeMaps } from '../../src/git/map/map-merge.ts';
import { scanMapFile } from '../../src/git/map/map-scan.ts';
import type { MapContents } from '../../src/git/map/map-writer.ts';
import { encodeMap, encodeMapInSteps } from '../../src/git/map/map-writer.ts';
import { play, sha1 } from './history-model.ts';
import { EMPTY, openMap } from './map-support.ts';

const descriptions = (count: number, json: string) =>
  Array.from({ length: count }, (_, at) => ({ path: `page ${String(at).padStart(6, '0')}`, json }));

test('entries out of order are refused, so that no map hides what it holds', () => {
  const rows = ['b', 'a'].map(name => ({ folder: '', row: { kind: 'gone' as const, name } }));
  expect(() => encodeMap({ ...EMPTY, rows })).toThrow(/"rows" got entry 1 /);
  const twice = [...descriptions(1, '{}'), ...descriptions(1, '{}')];
  expect(() => encodeMap({ ...EMPTY, descriptions: twice })).toThrow(
    expect.objectContaining({ code: 'map_unsorted' }),
  );
  // UTF-16 would have them the other way round.
  const astral = ['\u{10000}', '\uffff'].map(path => ({ path, json: null }));
  expect(() => encodeMap({ ...EMPTY, descriptions: astral })).toThrow(/entry 1 /);
});

test('a section has at most its number of blocks, however many entries it has', async () => {
  const limits = { targetBytes: 100, maxBlocks: 8 };
  for (const count of [1, 50, 1000]) {
    const { layer, index } = openMap({ ...EMPTY, descriptions: descriptions(count, '{"a":1}') }, { limits });
    const blocks = unpackBlocks(index.sections.descriptions?.blocks ?? '');
    expect(blocks.length).toBeLessThanOrEqual(8);
    expect(blocks.length).toBeGreaterThan(count === 1 ? 0 : 3);
    expect(index.sections.descriptions?.count).toBe(count);
    expect(await layer.descriptions()).toEqual(descriptions(count, '{"a":1}'));
  }
});

test('an entry may be larger than a block', async () => {
  const large = JSON.stringify('x'.repeat(300_000));
  const rows = [...descriptions(3, large), { path: 'zz', json: '1' }];
  const { layer } = openMap({ ...EMPTY, descriptions: rows });
  expect(await layer.descriptions()).toEqual(rows);
  expect((await layer.description('page 000001'))?.json).toBe(large);
});

test('the index that travels with every write stays small', () => {
  const rows = Array.from({ length: 10_000 }, (_, at) => at).map(at => ({
    folder: `topic-${1000 + Math.floor(at / 100)}`,
    row: {
      kind: 'file' as const,
      name: `page-${sha1(`${at}`).slice(0, 8)}.md`,
      mode: 0o100644,
      oid: sha1(`blob ${at}`),
      size: 1000,
      commit: sha1(`commit ${at}`),
      ordinal: at,
      seconds: 1_700_000_000 + at,
      offsetMinutes: 0,
    },
  }));
  rows.sort((a, b) => (a.folder + a.row.name < b.folder + b.row.name ? -1 : 1));
  const { index } = encodeMap({ ...EMPTY, rows });
  expect(JSON.stringify(index).length).toBeLessThan(1500);
});

test('a file brings its own index, which is the one in the ledger', () => {
  const { layers } = play([[[{ kind: 'write', path: 'a/b', seed: 3 }]]]);
  const { file, index } = openMap(layers[0]?.contents ?? EMPTY);
  const read = scanMapFile('own', file);
  expect(read.index).toEqual(index);
  const again = encodeMap(read.contents);
  expect(Buffer.concat(again.bytes)).toEqual(file);
});

test('encoding in steps pauses on the way and makes the same file', () => {
  const contents: MapContents = { ...EMPTY, descriptions: descriptions(5000, '{}') };
  const steps = encodeMapInSteps(contents);
  let pauses = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) pauses += 1;
  expect(pauses).toBeGreaterThan(8);
  expect(step.value).toEqual(encodeMap(contents));
});

test('a merge points rows to the packs that replace theirs, and drops places it does not know', () => {
  const row = (name: string, pack: string): FileRow => ({
    kind: 'file',
    name,
    mode: 0o100644,
    oid: sha1(name),
    size: 1,
    commit: sha1('commit'),
    ordinal: 0,
    seconds: 0,
    offsetMinutes: 0,
    place: { pack, offset: 1, length: 2 },
    commitPlace: { pack, offset: 3, length: 4 },
  });
  const contents = {
    ...EMPTY,
    rows: [row('a', 'old'), row('b', 'kept')].map(each => ({ folder: '', row: each })),
  };
  const moved = { pack: 'new', offset: 9, length: 9 };
  const place = (oid: string) => (oid === sha1('a') ? moved : undefined);
  const merged = mergeMaps([contents], { bottom: true, replaced: { packs: new Set(['old']), place } });
  const [a, b] = [...merged.rows].map(each => each.row);
  expect(a).toEqual({ ...row('a', 'old'), place: moved, commitPlace: undefined });
  expect(a).not.toHaveProperty('commitPlace');
  expect(b).toEqual(row('b', 'kept'));
  expect(encodeMap(merged).index.packs).toEqual(['new', 'kept']);
});

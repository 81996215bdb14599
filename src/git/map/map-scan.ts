import { mapCorrupt } from '../errors.ts';
import type { Row } from '../layer/layer.ts';
import type { Oid } from '../object/objects.ts';
import { comparePaths, joinPath } from '../object/paths.ts';
import type { Touch } from '../repository.ts';
import type { Block } from './map-block.ts';
import { readChanges, readCommit, readDescription, readRow, readTouches } from './map-codec.ts';
import type { MapIndex, OwnCommit } from './map-index.ts';
import { readMapIndex } from './map-index.ts';
import { splitLinkKey } from './map-keys.ts';
import { MapLayer } from './map-reader.ts';
import type { MapSection } from './map-section.ts';
import type { MapContents } from './map-writer.ts';

/**
 * All that a map says, read from the whole file in memory block by block, as often as it is asked for.
 * Going through it throws KittiwakeError `map_corrupt`.
 */
export function scanMap(options: { name: string; index: MapIndex; file: Buffer }): MapContents {
  const { name, index, file } = options;
  const layer = new MapLayer({ name, index, read: (start, end) => file.subarray(start, end) });
  const entries = <T>(section: MapSection, read: (block: Block, at: number) => T): Iterable<T> => ({
    *[Symbol.iterator]() {
      for (const block of section.scan(file))
        for (let at = 0; at < block.count; at += 1) yield read(block, at);
    },
  });
  const [log, changes] = [layer.section('log'), layer.section('changes')];
  const rows = entries(layer.section('rows'), (block, at) => scanRow(block, at, index));
  return {
    rows,
    descriptions: entries(layer.section('descriptions'), (block, at) => ({
      path: block.keyText(at, 0),
      json: readDescription(block.value(at)),
    })),
    links: entries(layer.section('links'), (block, at) => ({
      ...splitLinkKey(block.key(at)),
      present: block.value(at).byte() === 1,
    })),
    log: {
      *[Symbol.iterator]() {
        const lists = entries(changes, (block, at) => readChanges(block.value(at)))[Symbol.iterator]();
        for (const commit of entries(log, (block, at) => readCommit(block.value(at)))) {
          yield { ...commit, ...(lists.next().value ?? { changes: [] }) };
        }
      },
    },
    touches: index.own
      ? { [Symbol.iterator]: () => ownTouches(rows, index.own) }
      : entries(layer.section('touches'), (block, at) => ({
          path: block.keyText(at, 0),
          touches: readTouches(block.value(at)),
        })),
  };
}

/** A map with a commit of its own has no other touches than those that its rows stand for. */
function* ownTouches(
  rows: MapContents['rows'],
  own: OwnCommit | undefined,
): Generator<{ path: string; touches: Touch[] }> {
  if (!own) return;
  const without = new Set(own.without);
  const touched: [path: string, oid: Oid][] = [];
  for (const { folder, row } of rows) {
    const path = joinPath(folder, row.name);
    if (row.kind === 'file' && row.commit === own.oid && !without.has(path)) touched.push([path, row.oid]);
  }
  touched.sort(([a], [b]) => comparePaths(a, b));
  for (const [path, oid] of touched)
    yield { path, touches: [{ commit: own.oid, ordinal: own.ordinal, oid }] };
}

function scanRow(block: Block, at: number, index: MapIndex): { folder: string; row: Row } {
  const [folder = '', name = ''] = block.keyText(at, 0).split('\0');
  const row = readRow(block.value(at), kind => (kind === 'folder' ? name.slice(0, -1) : name), index);
  return { folder, row };
}

/**
 * {@link scanMap} of a file that brings its own index.
 * @throws KittiwakeError `map_corrupt`
 */
export function scanMapFile(name: string, file: Buffer): { index: MapIndex; contents: MapContents } {
  const index = readMapIndex(file, name);
  if ('neededBytes' in index) throw mapCorrupt(name, 'index', `${file.length} bytes, fewer than it tells`);
  return { index, contents: scanMap({ name, index, file }) };
}

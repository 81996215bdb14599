import type { CommitRow, DescriptionRow, Layer, LinkRow, LogRow, MaybePromise, Row } from '../layer/layer.ts';
import { chain, gather } from '../layer/maybe-promise.ts';
import type { Oid } from '../object/objects.ts';
import { splitPath } from '../object/paths.ts';
import type { Touch } from '../repository.ts';
import type { BlockCache } from './block-cache.ts';
import type { Block } from './map-block.ts';
import { readChanges, readCommit, readDescription, readRow, readTouches } from './map-codec.ts';
import type { MapIndex, MapSectionName } from './map-index.ts';
import {
  ABOVE_UTF8,
  folderBounds,
  oidBounds,
  pathKey,
  positionKey,
  splitLinkKey,
  targetBounds,
} from './map-keys.ts';
import type { BlockRange, ReadMap } from './map-section.ts';
import { MapSection } from './map-section.ts';

export interface MapLayerOptions {
  /** Names the map in errors. */
  name: string;
  index: MapIndex;
  read: ReadMap;
  /** Shared by all maps; absent: nothing is kept. */
  cache?: BlockCache;
}

/** More might drive itself out of the cache before it is used. */
const MAX_PREFETCH_BYTES = 16 << 20;

/**
 * A map as a layer. Answers are values when their blocks are in memory and promises when they have to be read, all that
 * are missing at once. Keep one instance per map: the cache bounds all instances together but does not join them.
 * Whatever is read may throw KittiwakeError `map_corrupt`.
 */
export class MapLayer implements Layer {
  readonly name: string;
  readonly index: MapIndex;
  readonly #sections = new Map<MapSectionName, MapSection>();
  readonly #rows: MapSection;
  readonly #options: MapLayerOptions;

  constructor(options: MapLayerOptions) {
    this.name = options.name;
    this.index = options.index;
    this.#options = options;
    this.#rows = this.section('rows');
  }

  get logLength(): number {
    return this.index.logLength;
  }

  section(name: MapSectionName): MapSection {
    const known = this.#sections.get(name);
    if (known) return known;
    const { index, read, cache } = this.#options;
    const section = new MapSection({ map: this.name, name, index: index.sections[name], read, cache });
    this.#sections.set(name, section);
    return section;
  }

  row(folder: string, name: string): MaybePromise<Row | undefined> {
    const key = Buffer.from(`${folder}\0${name}/`);
    const length = key.length - 1;
    const [first, second] = [this.#rows.blockOf(key, length), this.#rows.blockOf(key)];
    if (second < 0) return undefined;
    // A file and a folder of one name are two keys; rarely (`a`, `a-b`, `a/`) they are in two blocks.
    if (first === second) return chain(this.#rows.block(first), block => this.#pick(block, block, key, name));
    const both = gather([this.#rows.block(Math.max(0, first)), this.#rows.block(second)]);
    return chain(both, ([file, sub]) => this.#pick(file as Block, sub as Block, key, name));
  }

  #pick(files: Block, folders: Block, key: Buffer, name: string): Row | undefined {
    const at = files.find(key, key.length - 1);
    if (at >= 0) return readRow(files.value(at), () => name, this.index);
    const folder = folders.find(key);
    return folder < 0 ? undefined : readRow(folders.value(folder), () => name, this.index);
  }

  rows(folder: string): MaybePromise<Row[]> {
    const [low, high] = folderBounds(folder);
    return chain(this.#rows.range(low, high), ranges => {
      const rows: Row[] = [];
      each(ranges, (block, at) => {
        const name = (kind: Row['kind']) => block.keyText(at, low.length, kind === 'folder' ? 1 : 0);
        rows.push(readRow(block.value(at), name, this.index));
      });
      return rows;
    });
  }

  prefetch(folder: string): MaybePromise<void> {
    const [low] = folderBounds(folder);
    const high = folder === '' ? ABOVE_UTF8 : Buffer.from(`${folder}0`);
    if (this.#rows.rangeBytes(low, high) > MAX_PREFETCH_BYTES) return;
    return chain(this.#rows.range(low, high), () => undefined);
  }

  prefetchRows(folder: string): MaybePromise<void> {
    return chain(this.#rows.range(...folderBounds(folder)), () => undefined);
  }

  descriptions(): MaybePromise<DescriptionRow[]> {
    const section = this.section('descriptions');
    return chain(section.blocks(0, section.blockCount, false), blocks =>
      blocks.flatMap(block =>
        Array.from({ length: block.count }, (_, at) => ({
          path: block.keyText(at, 0),
          json: readDescription(block.value(at)),
        })),
      ),
    );
  }

  description(path: string): MaybePromise<DescriptionRow | undefined> {
    return chain(
      this.section('descriptions').find(pathKey(path)),
      found => found && { path, json: readDescription(found.block.value(found.at)) },
    );
  }

  links(target: string, prefix: boolean): MaybePromise<LinkRow[]> {
    const [low, high] = targetBounds(target, prefix);
    return chain(this.section('links').range(low, high), ranges => {
      const links: LinkRow[] = [];
      each(ranges, (block, at) => {
        links.push({ ...splitLinkKey(block.key(at)), present: block.value(at).byte() === 1 });
      });
      return links;
    });
  }

  touches(path: string): MaybePromise<Touch[]> {
    return chain(this.section('touches').find(pathKey(path)), found =>
      found ? readTouches(found.block.value(found.at)) : this.#ownTouch(path),
    );
  }

  #ownTouch(path: string): MaybePromise<Touch[]> {
    const { own } = this.index;
    if (!own || own.without?.includes(path)) return [];
    const { folder, name } = splitPath(path);
    return chain(this.row(folder, name), row =>
      row?.kind === 'file' && row.commit === own.oid
        ? [{ commit: own.oid, ordinal: own.ordinal, oid: row.oid }]
        : [],
    );
  }

  log(from: number, to: number): MaybePromise<LogRow[]> {
    const [low, high] = [Math.max(0, from), Math.min(to, this.logLength)];
    if (low >= high) return [];
    const bounds = [positionKey(low), positionKey(high)] as const;
    const parts = gather([this.section('log').range(...bounds), this.section('changes').range(...bounds)]);
    return chain(parts, ([log = [], changes = []]) => {
      const lists = collect(changes, (block, at) => readChanges(block.value(at)));
      const commits = collect(log, (block, at) => readCommit(block.value(at)));
      return commits.map((commit, at) => ({ ...commit, ...(lists[at] ?? { changes: [] }) }));
    });
  }

  commit(oid: Oid): MaybePromise<CommitRow | undefined> {
    return chain(this.findCommit(oid), position =>
      position === undefined ? undefined : this.#commitAt(position),
    );
  }

  lastCommit(): MaybePromise<CommitRow | undefined> {
    return this.logLength === 0 ? undefined : this.#commitAt(this.logLength - 1);
  }

  #commitAt(position: number): MaybePromise<CommitRow | undefined> {
    return chain(
      this.section('log').find(positionKey(position)),
      found => found && readCommit(found.block.value(found.at)),
    );
  }

  findCommit(oid: Oid): MaybePromise<number | undefined> {
    return chain(this.section('commits').find(Buffer.from(oid, 'hex')), found =>
      found?.block.value(found.at).uint(),
    );
  }

  resolve(prefix: string): MaybePromise<Oid[]> {
    const [low, high] = oidBounds(prefix);
    const section = this.section('commits');
    const [first, last] = [section.blockOf(low), section.blockOf(high)];
    if (last < 0) return [];
    return chain(section.blocks(first, last + 1), blocks => {
      const found: Oid[] = [];
      for (const block of blocks) {
        for (let at = block.lowerBound(low); at < block.count && found.length < 2; at += 1) {
          const oid = block.key(at).toString('hex');
          if (!oid.startsWith(prefix)) break;
          found.push(oid);
        }
      }
      return found;
    });
  }
}

function each(ranges: readonly BlockRange[], visit: (block: Block, at: number) => void): void {
  for (const { block, from, to } of ranges) for (let at = from; at < to; at += 1) visit(block, at);
}

function collect<T>(ranges: readonly BlockRange[], read: (block: Block, at: number) => T): T[] {
  const values: T[] = [];
  each(ranges, (block, at) => values.push(read(block, at)));
  return values;
}

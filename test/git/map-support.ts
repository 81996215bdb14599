import { BlockCache } from '../../src/git/map/block-cache.ts';
import { MapLayer } from '../../src/git/map/map-reader.ts';
import type { BlockLimits } from '../../src/git/map/map-section-writer.ts';
import type { MapContents } from '../../src/git/map/map-writer.ts';
import { encodeMap } from '../../src/git/map/map-writer.ts';

/** Blocks so small that a few rows need several. */
export const SMALL_BLOCKS: BlockLimits = { targetBytes: 150, maxBlocks: 5 };

export interface OpenMapOptions {
  limits?: BlockLimits;
  /** Answers reads at once instead of later. */
  sync?: boolean;
  cache?: BlockCache;
  /** Changes the file before it is read. */
  damage?: (file: Buffer) => Buffer;
}

/** A map file in memory as a layer, with the ranges that were read of it. */
export function openMap(contents: MapContents, options: OpenMapOptions = {}) {
  const { bytes, index } = encodeMap(contents, options.limits);
  const whole = Buffer.concat(bytes);
  const file = options.damage?.(whole) ?? whole;
  const reads: [number, number][] = [];
  const layer = new MapLayer({
    name: 'map-test',
    index: JSON.parse(JSON.stringify(index)),
    read: (start, end) => {
      reads.push([start, end]);
      const part = file.subarray(start, end);
      return options.sync ? part : Promise.resolve(part);
    },
    cache: options.cache ?? new BlockCache(),
  });
  return { layer, file, index, reads };
}

export const EMPTY: MapContents = { rows: [], descriptions: [], links: [], log: [], touches: [] };

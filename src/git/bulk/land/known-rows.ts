import { BlockCache } from '../../map/block-cache.ts';
import { MapLayer } from '../../map/map-reader.ts';
import type { Built } from '../build/build.ts';
import { openRuns } from '../build/build.ts';
import type { BulkCommit } from '../bulk.ts';
import type { BulkRow } from '../bulk-run.ts';
import { RunMerge } from '../sort/run-merge.ts';

const CACHE_BYTES = 16 << 20;

interface FoundRow {
  row: BulkRow;
  /** Which of the runs holds it. */
  run: number;
}

/** What a built commit writes, path by path; remembered from one attempt to land to the next. */
export class KnownRows {
  /** Rows name no commit yet. */
  readonly map: MapLayer;
  readonly #options: BulkCommit;
  readonly #found = new Map<string, FoundRow | undefined>();

  constructor(options: BulkCommit, { trees, map }: Built) {
    const name = trees[0]?.name ?? '';
    this.#options = options;
    this.map = new MapLayer({
      name,
      index: { ...map, own: { oid: '', ordinal: 0, seconds: 0, offsetMinutes: 0 } },
      read: (start, end) => options.repository.packs.read(name, 'map', start, end),
      cache: new BlockCache(CACHE_BYTES),
    });
  }

  /** The rows of a few paths, the first of each. Goes through all runs for those that nobody asked for before. */
  async of(paths: readonly string[]): Promise<ReadonlyMap<string, FoundRow | undefined>> {
    const unknown = paths.filter(path => !this.#found.has(path));
    if (unknown.length > 0) await this.#find(unknown);
    return this.#found;
  }

  async #find(paths: readonly string[]): Promise<void> {
    const missing = new Set(paths.map(path => Buffer.from(path).toString('latin1')));
    for (const path of paths) this.#found.set(path, undefined);
    const cursors = openRuns(this.#options);
    try {
      const merge = await RunMerge.of(cursors);
      for (let cursor = merge.top; cursor && missing.size > 0; cursor = merge.top) {
        const key = cursor.bytes.toString('latin1', cursor.pathStart, cursor.pathEnd);
        if (missing.delete(key)) {
          const row = cursor.value();
          this.#found.set(row.path, { row, run: cursor.run });
        }
        const moved = merge.advance();
        if (moved) await moved;
      }
    } finally {
      await Promise.allSettled(cursors.map(cursor => cursor.close()));
    }
  }
}

import { packMissing } from '../../errors.ts';
import { Pauses } from '../../flush/pauses.ts';
import type { PackRef } from '../../ledger/ledger.ts';
import type { MapIndex } from '../../map/map-index.ts';
import type { Oid } from '../../object/objects.ts';
import type { LogEntry } from '../../repository.ts';
import type { LedgerView } from '../../view/view.ts';
import type { BulkCommit, BulkCounts } from '../bulk.ts';
import { runWindows } from '../run-file.ts';
import { RunCursor } from '../sort/run-cursor.ts';
import { RunMerge } from '../sort/run-merge.ts';
import { BulkMap } from './bulk-map.ts';
import { BulkPacks } from './bulk-packs.ts';
import { BulkWriter } from './bulk-writer.ts';
import { TreeStack } from './tree-stack.ts';

/** All windows together have about so many bytes; each is there twice. */
const WINDOWS_BYTES = 12 << 20;
const MAX_WINDOW_BYTES = 192 << 10;
const MIN_WINDOW_BYTES = 32 << 10;

/** The trees of a commit to be, stored, with its map: made on the head of a view. */
export interface Built {
  view: LedgerView;
  root: Oid;
  /** Those of the trees, the newest first; the map lies beside the first. */
  trees: readonly PackRef[];
  map: MapIndex;
  counts: BulkCounts;
  /** Pages where no file stood. */
  addedPages: number;
  /** The first of the changes, and how many more there are. */
  changes: LogEntry['changes'];
  omitted: number;
}

/** Merges the runs into trees and a map, on the head of `view`. Undefined in place of a root: nothing is to be changed. */
export async function buildBulk(
  options: BulkCommit,
  view: LedgerView,
): Promise<Built | { counts: BulkCounts; root: undefined }> {
  const { repository, runs, scratch } = options;
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  const map = await BulkMap.create(repository, scratch, bytes);
  const packs = new BulkPacks(repository);
  const cursors = openRuns(options);
  try {
    const stack = await TreeStack.open({ repository, view, map, packs });
    const writer = new BulkWriter({ options, view, stack, map, packs });
    await mergeInto(writer, await RunMerge.of(cursors), options);
    const root = await stack.finish();
    if (root === undefined) return { counts: writer.counts, root };
    const trees = await packs.finish();
    const index = await map.store(repository, trees[0]?.name ?? '');
    const { counts, addedPages, changes, omitted } = writer;
    return { view, root, trees, map: index, counts, addedPages, changes, omitted };
  } finally {
    await Promise.allSettled([map.close(), ...cursors.map(cursor => cursor.close())]);
  }
}

/** Cursors over all runs, before their first rows. */
export function openRuns({ repository, runs }: Pick<BulkCommit, 'repository' | 'runs'>): RunCursor[] {
  const share = Math.floor(WINDOWS_BYTES / 2 / Math.max(1, runs.length));
  const windowBytes = Math.min(MAX_WINDOW_BYTES, Math.max(MIN_WINDOW_BYTES, share));
  return runs.map((run, at) => {
    const read = async (start: number, end: number) => {
      const got = await repository.store.get(run.key, { range: { start, end } });
      if (got.kind !== 'found') throw packMissing(run.key);
      return got.bytes;
    };
    return new RunCursor(at, runWindows(run, read, windowBytes));
  });
}

async function mergeInto(writer: BulkWriter, merge: RunMerge, options: BulkCommit): Promise<void> {
  const total = options.runs.reduce((sum, run) => sum + run.rows, 0);
  const pauses = new Pauses(options.repository.runtime);
  let done = 0;
  for (let cursor = merge.top; cursor; cursor = merge.top) {
    const taken = writer.take(cursor);
    if (taken) await taken;
    const moved = merge.advance();
    if (moved) await moved;
    done += 1;
    if (done % 32 !== 0 || !pauses.due) continue;
    options.signal?.throwIfAborted();
    options.progress?.(done, total);
    await pauses.take();
  }
  options.progress?.(done, total);
}

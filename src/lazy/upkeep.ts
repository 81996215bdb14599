import type { Examination } from '../git/doctor/doctor.ts';
import type { LedgerRepository } from '../git/open.ts';
import type { View } from '../git/repository.ts';
import type { ExportedFile } from '../git/upkeep/export.ts';
import type { CollectOptions, CollectReport } from '../git/upkeep/gc.ts';
import type { MergeOptions } from '../git/upkeep/merge.ts';
import type { PruneReport } from '../git/upkeep/prune.ts';
import type { RewriteReport } from '../git/upkeep/rewrite-maps.ts';
import type { Lazy } from './lazy.ts';

/** What is done to a wiki beside reading and writing it. No request needs any of it. */
export interface Upkeep {
  /** Moves the commits of the journal into a pack. The number of commits moved. */
  flush(): Promise<number>;
  /**
   * The same for a journal of `minBytes` and more whose newest commit is `idleMs` old: one that no writer is about to flush, and that
   * every reader gets with the ledger.
   */
  flushIdle(when: { minBytes: number; idleMs: number }): Promise<number>;
  /** Merges small packs. The number of packs that became one; 0 when there was nothing worth it. */
  merge(options?: MergeOptions): Promise<number>;
  collect(options: CollectOptions): Promise<CollectReport>;
  /** Drops objects that no ref reaches. */
  prune(): Promise<PruneReport>;
  examine(): Promise<Examination>;
  /** Makes the maps anew from the packs; undefined when there is none, or the packs changed meanwhile. */
  rewriteMaps(): Promise<RewriteReport | undefined>;
  /** The files of a bare git repository. */
  exportBare(): AsyncIterable<ExportedFile>;
  /** The files of the newest commit. Links and submodules have a mode of their own. */
  exportFiles(): AsyncIterable<ExportedFile & { mode: number }>;
}

export function createUpkeep(open: Lazy<LedgerRepository>): Upkeep {
  const flush = async () => {
    const repository = await open();
    const { journal } = await repository.ledger(0);
    return (await repository.flusher.flush()) ? journal.count : 0;
  };
  return {
    flush,
    async flushIdle({ minBytes, idleMs }) {
      const repository = await open();
      const { journal, headSeconds } = await repository.ledger(0);
      const isIdle = headSeconds * 1000 <= repository.runtime.now() - idleMs;
      return isIdle && journal.byteLength >= minBytes ? await flush() : 0;
    },
    async merge(options = {}) {
      const [{ mergeNewest }, repository] = await Promise.all([import('../git/upkeep/merge.ts'), open()]);
      return (await mergeNewest(repository, options))?.length ?? 0;
    },
    async collect(options) {
      const [{ collectGarbage }, { packsOfJobs }, repository] = await Promise.all([
        import('../git/upkeep/gc.ts'),
        import('../import/job/run-packs.ts'),
        open(),
      ]);
      return await collectGarbage(repository, { ...options, keep: () => packsOfJobs(repository) });
    },
    async prune() {
      const [{ pruneUnreachable }, repository] = await Promise.all([
        import('../git/upkeep/prune.ts'),
        open(),
      ]);
      return await pruneUnreachable(repository);
    },
    async examine() {
      const [{ examine }, repository] = await Promise.all([import('../git/doctor/doctor.ts'), open()]);
      return await examine(repository);
    },
    async rewriteMaps() {
      const [{ rewriteMaps }, repository] = await Promise.all([
        import('../git/upkeep/rewrite-maps.ts'),
        open(),
      ]);
      return await rewriteMaps(repository);
    },
    async *exportBare() {
      const [{ exportRepository }, repository] = await Promise.all([
        import('../git/upkeep/export.ts'),
        open(),
      ]);
      yield* exportRepository(repository);
    },
    async *exportFiles() {
      const view = await (await open()).view({ maxAgeMs: 0 });
      if (view.head === undefined) return;
      const { walkFiles } = await import('../export/walk-files.ts');
      for await (const { path, mode, oid } of walkFiles({ folder: path => view.folder(path) })) {
        const chunks = { [Symbol.asyncIterator]: () => streamed(view, oid) };
        yield { path, mode, chunks };
      }
    },
  };
}

/** Read when it is asked for, and never held as a whole. */
async function* streamed(view: View, oid: string): AsyncGenerator<Uint8Array> {
  yield* (await view.openBlob(oid)).chunks;
}

import { randomId } from '../../core/runtime.ts';
import type { BulkRunRef } from '../../git/bulk/bulk-run.ts';
import type { LedgerRepository } from '../../git/open.ts';
import { storePack } from '../../git/upkeep/adopt.ts';
import type { BuiltBatch } from './batch-builder.ts';
import { runNotStored } from './errors.ts';

/** Stores the pack and the run of a batch under new names. @throws KittiwakeError those of {@link ByteStore.put}, `import_run_not_stored` */
export async function storeBatch(
  repository: LedgerRepository,
  runPrefix: string,
  { pack, run, rows, large }: BuiltBatch,
): Promise<BulkRunRef> {
  const key = `${runPrefix}run-${randomId(repository.runtime)}`;
  const [ref] = await Promise.all([pack && storePack(repository, pack), storeRun(repository, key, run)]);
  return { key, bytes: run.length, rows, pack: ref, ...(large.length === 0 ? {} : { large }) };
}

async function storeRun({ store }: LedgerRepository, key: string, run: Uint8Array): Promise<void> {
  const outcome = await store.put(key, [run], { immutable: true });
  if (outcome.kind !== 'stored') throw runNotStored(key, outcome);
}

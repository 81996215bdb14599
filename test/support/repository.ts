import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Runtime, randomId, systemRuntime } from '../../src/core/runtime.ts';
import {
  createLedger,
  type LedgerRepository,
  openRepository,
  type RepositoryOptions,
} from '../../src/git/open.ts';
import type { Change, Draft } from '../../src/git/repository.ts';
import { exportRepository } from '../../src/git/upkeep/export.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';

/** A new wiki without a commit, in memory unless a store is given. */
export async function newRepository(options: Partial<RepositoryOptions> = {}): Promise<LedgerRepository> {
  const runtime: Runtime = options.runtime ?? systemRuntime;
  const store = options.store ?? createMemoryByteStore();
  const uuid = options.uuid ?? randomId(runtime);
  await createLedger({ store, uuid, runtime });
  return openRepository({ ...options, store, uuid, runtime });
}

/** A draft that writes (text) or removes (null) the files named. */
export function draftOf(files: Record<string, string | null>, message = 'Change'): Draft {
  const changes = Object.entries(files).map(
    ([path, text]): Change => ({ path, to: text === null ? null : { bytes: Buffer.from(text) } }),
  );
  return { changes, message, author: { name: 'Ann', email: 'ann@example.org' } };
}

/** Commits unconditionally; resolves with the commit's id. */
export async function commitFiles(
  repository: LedgerRepository,
  files: Record<string, string | null>,
  message?: string,
): Promise<string> {
  const { result } = await repository.commit({
    plan: async () => ({ kind: 'commit', draft: draftOf(files, message), result: made => made.oid }),
  });
  return result;
}

/** Writes the wiki as a bare repository into `folder`. */
export async function exportTo(repository: LedgerRepository, folder: string): Promise<void> {
  await mkdir(join(folder, 'objects', 'pack'), { recursive: true });
  await mkdir(join(folder, 'refs'), { recursive: true });
  for await (const { path, chunks } of exportRepository(repository)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, chunks);
  }
}

import { onTestFinished } from 'vitest';
import { randomId, systemRuntime } from '../../../src/core/runtime.ts';
import type { BulkRow, BulkRunRef } from '../../../src/git/bulk/bulk-run.ts';
import { readRunRow, runWindows } from '../../../src/git/bulk/run-file.ts';
import { packKey } from '../../../src/git/ledger/ledger.ts';
import { createLedger, type LedgerRepository } from '../../../src/git/open.ts';
import type { FinishedBatch } from '../../../src/import/engine/batch.ts';
import { createEngine, type EngineOptions } from '../../../src/import/engine/engine.ts';
import { compilePipeline } from '../../../src/import/pipeline/compile.ts';
import { DEFAULT_PIPELINE } from '../../../src/import/pipeline/default-pipeline.ts';
import type { RowPipeline } from '../../../src/import/pipeline/row-pipeline.ts';
import { openTable } from '../../../src/import/source/open-source.ts';
import type { RowSource } from '../../../src/import/source.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { DEFAULT_SETTINGS } from '../../../src/wiki/settings.ts';
import { openStored } from '../../support/stored-wiki.ts';
import { memoryFile } from '../source/memory-file.ts';

export interface TestPage {
  path: string;
  content: string;
}

/** The pages as CSV. */
export function csvOf(pages: readonly TestPage[]): string {
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return `path,content\n${pages.map(({ path, content }) => `${cell(path)},${cell(content)}\n`).join('')}`;
}

/** `count` pages of some hundred bytes in nested folders. */
export function somePages(count: number): TestPage[] {
  return Array.from({ length: count }, (_, index) => ({
    path: `docs/part-${index % 7}/page-${index}`,
    content: `# Page ${index}\n\n${`Words of page ${index}, "quoted".\n`.repeat(1 + (index % 9))}`,
  }));
}

export async function tableOf(text: string | Uint8Array): Promise<RowSource> {
  return await openTable(memoryFile(text, 'rows.csv'));
}

export function defaultPipeline(into = ''): RowPipeline {
  return compilePipeline({ pipeline: DEFAULT_PIPELINE, naming: { retainPageNameCase: false, into } });
}

/** An empty wiki in memory. */
export async function emptyWiki(store: ByteStore = createMemoryByteStore()): Promise<LedgerRepository> {
  const uuid = randomId(systemRuntime);
  await createLedger({ store, uuid, runtime: systemRuntime });
  return openStored(store, uuid);
}

export type RunOptions = Partial<EngineOptions> & Pick<EngineOptions, 'repository' | 'source'>;

/** Runs the engine; with the default pipeline unless another one is given. */
export function runBatches(options: RunOptions, script?: URL): AsyncGenerator<FinishedBatch> {
  const batches = createEngine(
    DEFAULT_SETTINGS,
    script,
  )({
    pipeline: defaultPipeline(),
    runPrefix: `job-files/${options.repository.uuid}/job/`,
    ...options,
  });
  // A test that fails on the way leaves no thread behind.
  onTestFinished(async () => {
    await batches.return(undefined);
  });
  return batches;
}

export async function allBatches(options: RunOptions): Promise<FinishedBatch[]> {
  const batches: FinishedBatch[] = [];
  for await (const batch of runBatches(options)) batches.push(batch);
  return batches;
}

/** The rows of a run as stored. */
export async function rowsOfRun({ store }: LedgerRepository, run: BulkRunRef): Promise<BulkRow[]> {
  const rows: BulkRow[] = [];
  const read = (start: number, end: number) => readKey(store, run.key, start, end);
  for await (const window of runWindows(run, read)) {
    for (let at = 0; at < window.length; ) {
      const { row, end } = readRunRow(window, at);
      rows.push(row);
      at = end;
    }
  }
  return rows;
}

/** What the rows of all batches say of their files, in the order of the source. */
export async function storedFiles(
  repository: LedgerRepository,
  batches: readonly FinishedBatch[],
): Promise<Omit<BulkRow, 'place'>[]> {
  const rows: Omit<BulkRow, 'place'>[] = [];
  for (const run of batches.flatMap(batch => batch.runs)) {
    for (const { place: _, ...row } of await rowsOfRun(repository, run)) rows.push(row);
  }
  return rows.sort((a, b) => a.row - b.row);
}

export async function packBytes({ store, uuid }: LedgerRepository, name: string): Promise<Buffer> {
  return await readKey(store, packKey(uuid, name, 'pack'));
}

async function readKey(store: ByteStore, key: string, start = 0, end?: number): Promise<Buffer> {
  const got = await store.get(key, { range: end === undefined ? { start } : { start, end } });
  if (got.kind !== 'found') throw new Error(`"${key}" is ${got.kind}`);
  return got.bytes;
}

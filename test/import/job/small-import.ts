import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomId } from '../../../src/core/runtime.ts';
import type { BulkRow } from '../../../src/git/bulk/bulk-run.ts';
import { commitBulk } from '../../../src/git/bulk/commit-bulk.ts';
import { hashObject } from '../../../src/git/object/object-codec.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { PackWriter } from '../../../src/git/pack/pack-writer.ts';
import { storePack } from '../../../src/git/upkeep/adopt.ts';
import type { FinishedBatch } from '../../../src/import/engine/batch.ts';
import type { RunEngine } from '../../../src/import/engine/engine.ts';
import type { Job } from '../../../src/import/job/job.ts';
import type { ChangeableJobs, OpenRows, RunEnvironment } from '../../../src/import/job/run-environment.ts';
import type { SourceMeans } from '../../../src/import/job/run-source.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { documentFormat, documentIntent, newDocument } from '../../../src/swap/document.ts';
import { createSwap } from '../../../src/swap/swapper.ts';
import { FULL_ACCESS } from '../../../src/wiki/access.ts';
import { DEFAULT_SETTINGS } from '../../../src/wiki/settings.ts';
import { runOf } from '../../git/bulk/run-of.ts';

/** Rows of a source that lies in memory: a path and a text, or an error. */
export type SmallRow = readonly [path: string, text: string] | Error;

const ROWS_OF_BATCH = 3;

/** An engine of a few rows: what it stores is what the real one stores. */
export function smallEngine(rows: readonly SmallRow[]): RunEngine {
  return async function* ({ repository, from, to, runPrefix, dryRun = false, signal }) {
    const end = typeof to === 'number' ? to : rows.length;
    for (let at = Number(from ?? 0); at < end; at += ROWS_OF_BATCH) {
      signal?.throwIfAborted();
      const next = Math.min(end, at + ROWS_OF_BATCH);
      yield await batchOf(rows.slice(at, next), { repository, runPrefix, dryRun, at });
    }
  };
}

async function batchOf(
  rows: readonly SmallRow[],
  {
    repository,
    runPrefix,
    dryRun,
    at,
  }: { repository: LedgerRepository; runPrefix: string; dryRun: boolean; at: number },
): Promise<FinishedBatch> {
  const [writer, found] = [new PackWriter(), [] as BulkRow[]];
  const failures = [];
  for (const [index, row] of rows.entries()) {
    const number = at + index + 1;
    if (row instanceof Error) {
      failures.push({ origins: [{ source: 'small', row: number }], code: 'row_bad', message: row.message });
      continue;
    }
    const bytes = Buffer.from(row[1]);
    const oid = hashObject('blob', bytes);
    writer.add('blob', oid, bytes);
    found.push({
      path: row[0],
      oid,
      size: bytes.length,
      place: undefined,
      description: undefined,
      targets: [],
      source: 0,
      row: number,
    });
  }
  const pages = found.length;
  const counts = {
    rows: rows.length,
    pages,
    attachments: 0,
    unchanged: 0,
    filtered: 0,
    failed: failures.length,
    contentBytes: 10 * pages,
  };
  const told = { counts, failures, position: at + rows.length, bytesRead: at + rows.length };
  if (dryRun || pages === 0) return { ...told, runs: [] };
  const made = writer.finish();
  const pack = await storePack(repository, { ...made, objects: made.entries.length });
  for (const row of found) row.place = writer.place(row.oid);
  const run = runOf(found);
  const key = `${runPrefix}run-${randomId(repository.runtime)}`;
  await repository.store.put(key, [run], { immutable: true });
  return { ...told, runs: [{ key, bytes: run.length, rows: pages, pack }] };
}

/** A source of a few rows that can be cut into parts anywhere. */
export function smallRows(rows: readonly SmallRow[]): OpenRows {
  return {
    kind: 'rows',
    source: {
      name: 'small',
      bytesTotal: rows.length,
      // The engine has them; here they are only counted.
      async *rows() {
        const empty = rows.map((_, index) => ({
          values: {},
          origins: [{ source: 'small', row: index + 1 }],
        }));
        yield { rows: empty, failures: [], position: rows.length, bytesRead: rows.length };
      },
    },
    pipeline: {
      spec: undefined,
      isRowWise: true,
      stream: () => {
        throw new Error('the engine has none');
      },
    },
    sources: ['small'],
    left: [],
    async parts(most) {
      const size = Math.ceil(rows.length / most);
      const starts = Array.from({ length: Math.ceil(rows.length / size) }, (_, index) => index * size);
      return starts.map(from => ({ from, to: Math.min(rows.length, from + size), startBytes: from }));
    },
    close: async () => {},
  };
}

/** A job that waits to be run. */
export function smallJob(options: Partial<Job['options']> = {}, more: Partial<Job> = {}): Job {
  return {
    id: 'a1',
    state: 'queued',
    principal: { id: 'user:ann', standing: 'approved', grants: [], names: [] },
    createdMs: 0,
    source: { kind: 'local', path: '/small', name: 'small', bytes: 10 },
    options: { existing: 'fail', onError: 'skip', dryRun: false, ...options },
    parts: [],
    commits: [],
    ...more,
  };
}

/** Jobs of one process: every read and every change goes to the store. */
export async function smallJobs(
  { store, uuid, runtime }: Pick<LedgerRepository, 'store' | 'uuid' | 'runtime'>,
  job?: Job,
): Promise<ChangeableJobs & { find(id: string): Promise<Job> }> {
  const format = documentFormat<Job>('job 1', body => body as Job);
  const swapOf = (id: string) => createSwap({ store, key: `jobs/${uuid}/${id}`, format, runtime });
  if (job !== undefined) await swapOf(job.id).create(newDocument(runtime, job));
  const swap = swapOf('a1');
  return {
    change: (_, change) => swap.submit(documentIntent(runtime, change)),
    async find(id) {
      const found = await swapOf(id).read();
      if (found === undefined) throw new Error(`${id} is not there`);
      return found.value.body;
    },
  };
}

export function smallEnvironment(
  repository: LedgerRepository,
  jobs: ChangeableJobs,
  rows: readonly SmallRow[],
): RunEnvironment {
  return {
    jobs,
    repository,
    accessOf: async () => FULL_ACCESS,
    open: async () => smallRows(rows),
    engine: smallEngine(rows),
    commit: commitBulk,
    scratch: join(tmpdir(), 'kittiwake-jobs'),
    author: { name: 'Kittiwake', email: 'kittiwake@localhost' },
  };
}

/** What real sources need: everybody may do everything. */
export function sourceMeans(repository: LedgerRepository): SourceMeans {
  const scratch = join(tmpdir(), 'kittiwake-jobs');
  const accessOf = async () => FULL_ACCESS;
  const fetch = { allowed: [], maxBytes: 2 ** 30 };
  const checkHistory = async () => undefined;
  return { repository, settings: DEFAULT_SETTINGS, accessOf, checkHistory, fetch, scratch };
}

/** All keys of a store that begin with a prefix. */
export async function keysOf(store: ByteStore, prefix: string): Promise<string[]> {
  return (await store.list(prefix)).objects.map(({ key }) => key);
}

/** The newest commit's files with what they hold. */
export async function filesOf(repository: LedgerRepository): Promise<Record<string, string>> {
  const view = await repository.view({ maxAgeMs: 0 });
  if (view.head === undefined) return {};
  const files = await view.files('');
  const read = files.map(async ({ path, oid }) => [path, (await view.blob(oid)).toString('utf8')] as const);
  return Object.fromEntries(await Promise.all(read));
}

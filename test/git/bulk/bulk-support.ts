import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { randomId } from '../../../src/core/runtime.ts';
import { describedOf } from '../../../src/git/bulk/build/row-content.ts';
import type { BulkCommit } from '../../../src/git/bulk/bulk.ts';
import type { BulkRow, BulkRunRef } from '../../../src/git/bulk/bulk-run.ts';
import { hashObject } from '../../../src/git/object/object-codec.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { PackWriter } from '../../../src/git/pack/pack-writer.ts';
import { storePack } from '../../../src/git/upkeep/adopt.ts';
import { newRepository } from '../../support/repository.ts';
import { runOf } from './run-of.ts';

export const AUTHOR = { name: 'Ann', email: 'ann@example.org' };

/** Facts and targets of a page: its first line, and the words in brackets. */
export function describePage(path: string, bytes: Uint8Array) {
  if (!path.endsWith('.md')) return undefined;
  const text = Buffer.from(bytes).toString();
  const targets = [...text.matchAll(/\[(.+?)\]/g)].map(([, word]) => word ?? '');
  return { facts: { title: text.split('\n')[0] ?? '' }, targets };
}

/** A wiki whose pages are described and counted. */
export function newWiki(options: Parameters<typeof newRepository>[0] = {}): Promise<LedgerRepository> {
  return newRepository({
    describe: describePage,
    isPage: path => path.endsWith('.md'),
    flush: null,
    ...options,
  });
}

export type Files = Iterable<readonly [path: string, text: string]>;

/** Stores files as one run with its pack. Rows are numbered from `firstRow`. */
export async function storeRun(
  repository: LedgerRepository,
  files: Files,
  { firstRow = 1, source = 0 } = {},
): Promise<BulkRunRef> {
  const writer = new PackWriter();
  const rows: BulkRow[] = [];
  let row = firstRow;
  for (const [path, text] of files) {
    const bytes = Buffer.from(text);
    const oid = hashObject('blob', bytes);
    writer.add('blob', oid, bytes);
    const { json, targets } = describedOf(describePage(path, bytes));
    rows.push({
      path,
      oid,
      size: bytes.length,
      place: writer.place(oid),
      description: json,
      targets,
      source,
      row,
    });
    row += 1;
  }
  const made = writer.finish();
  const pack = await storePack(repository, { ...made, objects: made.entries.length });
  const run = runOf(rows);
  const key = `job-files/${repository.uuid}/job/run-${randomId(repository.runtime)}`;
  await repository.store.put(key, [run], { immutable: true });
  return { key, bytes: run.length, rows: rows.length, pack };
}

/** A folder of this test alone. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-bulk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What is left out, as path and code. */
export type Left = [path: string, code: string][];

/** The commit of runs; files that stand there are overwritten unless told otherwise. */
export async function bulkOf(
  repository: LedgerRepository,
  runs: readonly BulkRunRef[],
  left: Left = [],
): Promise<BulkCommit> {
  const { collections } = await repository.ledger(0);
  const { head } = await repository.view({ maxAgeMs: 0 });
  return {
    repository,
    runs,
    collections,
    decide: () => ({ kind: 'write' }),
    refuse: () => () => undefined,
    onLeft: (row, why) => left.push([row.path, why.code]),
    onRestart: () => left.splice(0),
    message: counts => `Import ${counts.written} files`,
    author: AUTHOR,
    requestId: randomId(repository.runtime),
    since: head,
    scratch: scratchFolder(),
  };
}

/** `count` pages in nested folders, with links between them. */
export function* manyPages(count: number, text = 'page'): Generator<[string, string]> {
  for (let at = 0; at < count; at += 1) {
    const folder = `section-${at % 7}/part ${Math.floor(at / 50) % 13}`;
    yield [`${folder}/page-${at}.md`, `# ${text} ${at}\n\nSee [page-${(at * 7) % count}] and [all].\n`];
  }
}

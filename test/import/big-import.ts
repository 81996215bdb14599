import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect } from 'vitest';
import { wikisWithImports } from '../../src/cli/import-waiting.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import type { Job } from '../../src/import/job/job.ts';
import { openJobs } from '../../src/import/job/jobs.ts';
import { expectExamined, openData } from '../support/data-folder.ts';

/** An import of many rows, by the command line in processes of their own, and what came of it. */

const TEXT = 'Kittiwakes nest on narrow ledges of steep cliffs, and come to land for nothing else. '.repeat(
  9,
);
const ROWS_OF_CHUNK = 500;
/** One row in so many has no path, and fails. */
const FAILING = 997;

function pathOf(row: number): string {
  return row % FAILING === 0 ? '' : `Coast ${row % 23}/Cliff ${row % 391}/Ledge ${row}`;
}

function textOf(row: number): string {
  return `# Ledge ${row}\n\n${TEXT}See [[Coast ${(row * 7) % 23}]].\n`;
}

const FORMATS = {
  csv: (row: number) => `${pathOf(row)},"${textOf(row)}"\n`,
  ndjson: (row: number) => `${JSON.stringify({ path: pathOf(row), content: textOf(row) })}\n`,
};

/** Writes a source of about 1 kB a row. */
export async function writeRows(file: string, rows: number, format: keyof typeof FORMATS): Promise<void> {
  const lineOf = FORMATS[format];
  const head = format === 'csv' ? ['path,content\n'] : [];
  const chunks = function* () {
    yield* head;
    for (let row = 1; row <= rows; row += ROWS_OF_CHUNK) {
      const count = Math.min(ROWS_OF_CHUNK, rows - row + 1);
      yield Array.from({ length: count }, (_, n) => lineOf(row + n)).join('');
    }
  };
  await pipeline(Readable.from(chunks()), createWriteStream(file));
}

/** The rows of {@link writeRows} that become pages. */
export function pagesOf(rows: number): number {
  return rows - Math.floor(rows / FAILING);
}

/** Looks at the imports of a data folder's only wiki, beside those who work on them. */
export function watchData(data: string): { jobs(): Promise<Job[]> } {
  const service = openData(data);
  return {
    async jobs() {
      const store = await service.store();
      const [uuid] = await wikisWithImports(store);
      if (uuid === undefined) return [];
      return (await openJobs({ store, uuid, runtime: systemRuntime }).list()).jobs;
    },
  };
}

/** What an import came to, with nothing in it that differs from run to run. */
export interface ImportedWiki {
  tree: string | undefined;
  commits: number;
  /** Of the import that committed. */
  written: number | undefined;
  failed: number | undefined;
}

/** Fails unless the wiki is sound, and the first of its imports is done, with nothing left over. */
export async function importedWiki(data: string, when = ''): Promise<ImportedWiki> {
  const view = await (await expectExamined(data, when)).view();
  const jobs = await watchData(data).jobs();
  const first = jobs.at(-1);
  expect(first, when).toMatchObject({ state: 'done', isSwept: true });
  return {
    tree: (await view.entry(''))?.oid,
    commits: (await Array.fromAsync(view.log())).length,
    written: first?.report?.written,
    failed: first?.report?.failed,
  };
}

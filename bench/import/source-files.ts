import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { PageFile } from '../../test/support/stored-wiki.ts';
import { manyPages } from '../support/many-pages.ts';

/** Of a page, about. */
const PAGE_BYTES = 900;
const PAGES_PER_CHUNK = 500;

/** How pages are told to whom imports them. */
export type Format = 'csv' | 'ndjson' | 'fast-import' | 'zip';

/** Writes `count` nested pages of about 1 kB to a file, as they come. */
export async function writePages(file: string, count: number, format: Format): Promise<void> {
  const pages = manyPages(count, 'nested', PAGE_BYTES);
  const parts = format === 'zip' ? zipOf(pages) : Readable.from(textOf(pages, format));
  await pipeline(parts, createWriteStream(file));
}

function* textOf(pages: Iterable<PageFile>, format: Exclude<Format, 'zip'>): Generator<string> {
  const write = WRITERS[format];
  let chunk = format === 'csv' ? 'path,content\n' : '';
  let count = 0;
  for (const page of pages) {
    chunk += write(page, count);
    count += 1;
    if (count % PAGES_PER_CHUNK !== 0) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

const WRITERS = {
  csv: ({ path, text }: PageFile) => `${pagePath(path)},"${text.replaceAll('"', '""')}"\n`,
  ndjson: ({ path, text }: PageFile) => `${JSON.stringify({ path: pagePath(path), content: text })}\n`,
  'fast-import': ({ path, text }: PageFile, index: number) =>
    `${index === 0 ? COMMIT : ''}M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
};

const COMMIT = 'commit refs/heads/main\ncommitter Ann <ann@example.org> 1700000000 +0000\ndata 6\nImport\n';

function pagePath(file: string): string {
  return file.replace(/\.md$/, '');
}

function zipOf(pages: Iterable<PageFile>): NodeJS.ReadableStream {
  const zip = new ZipFile();
  for (const { path, text } of pages) zip.addBuffer(Buffer.from(text), path, { mtime: new Date(0) });
  zip.end();
  return zip.outputStream;
}

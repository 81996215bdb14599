import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storedZip } from './stored-zip.ts';

const CHILD = join(import.meta.dirname, 'read-archive.child.ts');
const LARGE_BYTES = 60_000_000;
const PAGE = Buffer.from('A line of a page that is some text, and then some more of it.\n'.repeat(30));

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kittiwake-archive-memory-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** An archive of so many pages, and a large file. */
async function archiveOf(pages: number): Promise<string> {
  const path = join(root, `${pages}.zip`);
  await pipeline(storedZip(entries(pages)), createWriteStream(path));
  return path;
}

function* entries(pages: number) {
  for (let index = 0; index < pages; index += 1)
    yield { name: `folder-${index % 997}/page number ${index}.md`, content: PAGE };
  yield { name: 'folder-0/film.mp4', content: Buffer.alloc(LARGE_BYTES, 'x') };
}

function read(path: string) {
  return JSON.parse(execFileSync(process.execPath, [CHILD, path], { encoding: 'utf8' }));
}

describe('the memory that an archive takes', () => {
  it('is that of the names, whatever the files hold', async () => {
    const small = read(await archiveOf(1_000));
    const path = await archiveOf(100_000);
    const large = read(path);
    expect(statSync(path).size).toBeGreaterThan(250_000_000);
    expect(small).toMatchObject({ pages: 1_000, files: 1, failures: 0 });
    expect(large).toMatchObject({
      pages: 100_000,
      files: 1,
      failures: 0,
      bytes: LARGE_BYTES + 100_000 * PAGE.length,
    });
    // 100 bytes for each of 99,000 further names, and what waits to be collected; the files have 250 MB.
    expect(large.peakKb - small.peakKb).toBeLessThan(120_000);
  });
});

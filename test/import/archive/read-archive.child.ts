import { openArchive } from '../../../src/import/archive/open-archive.ts';
import type { FileContent } from '../../../src/import/row.ts';
import { openLocalFile } from '../../../src/import/source/bytes/local-file.ts';

/** Reads the archive of its first argument through, and prints what it came to, with its peak memory in kB. */
async function main(): Promise<void> {
  const file = await openLocalFile(process.argv[2] ?? '');
  const naming = { retainPageNameCase: false, wikilinkStyle: '' };
  const source = await openArchive(file, { naming });
  const counts = { pages: 0, files: 0, bytes: 0, failures: 0 };
  for await (const chunk of source?.rows() ?? []) {
    counts.failures += chunk.failures.length;
    for (const { values } of chunk.rows) {
      if (typeof values.content === 'string') {
        counts.pages += 1;
        counts.bytes += values.content.length;
      } else {
        counts.files += 1;
        for await (const piece of (values.file as FileContent).open()) counts.bytes += piece.length;
      }
    }
  }
  await file.close();
  process.stdout.write(JSON.stringify({ ...counts, peakKb: process.resourceUsage().maxRSS }));
}

await main();

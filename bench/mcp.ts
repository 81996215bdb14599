import { join } from 'node:path';
import { bundle, measureFirst } from './mcp/first-calls.ts';
import { measureWarm } from './mcp/warm-calls.ts';
import { linkedPages } from './support/linked-wiki.ts';
import { type BenchOptions, benchOptions } from './support/options.ts';
import { type Column, Report } from './support/report.ts';
import { firstSearch, serveWiki } from './support/served.ts';
import { loadWiki } from './support/wiki-folder.ts';
import { inWorkFolder } from './support/work-folder.ts';

/** Tool calls of language models beside the same requests as REST: by a server that is up, and by processes that have just started. */

const WARM: readonly Column[] = [
  { key: 'what', head: 'what' },
  { key: 'by', head: 'as' },
  { key: 'requests', head: 'requests', as: 'count' },
  { key: 'p50', head: 'p50 ms', as: 'ms' },
  { key: 'p95', head: 'p95 ms', as: 'ms' },
  { key: 'more50', head: 'p50 more than REST ms', as: 'ms' },
  { key: 'more95', head: 'p95 more ms', as: 'ms' },
];
const FIRST: readonly Column[] = [
  { key: 'what', head: 'a process that has just started' },
  { key: 'rest', head: 'first read as REST ms', as: 'ms' },
  { key: 'again', head: 'second ms', as: 'ms' },
  { key: 'mcp', head: 'first tool call ms', as: 'ms' },
  { key: 'more', head: 'second ms', as: 'ms' },
];

const options = benchOptions({ pages: [1_000], rounds: 400 }, { pages: [200], rounds: 20 });
const report = new Report('mcp', options);
await inWorkFolder(options.folder, folder => measure(folder, options));
report.note(
  [
    'Each way over a connection of its own that stays, turn by turn, with the same answers: a read of one page, an update of 2 kB, a search.',
    'The processes that have just started are the API function as it is bundled, over the same folder; p50.',
  ].join('\n'),
);
report.finish();

async function measure(folder: string, { pages, rounds, quick }: BenchOptions): Promise<void> {
  for (const count of pages) {
    const data = join(folder, `wiki-${count}`);
    const uuid = await loadWiki(data, linkedPages(count));
    const served = await serveWiki(data, uuid);
    await firstSearch(served);
    report.table(`Warm, at ${count} pages`, WARM, await measureWarm(served, rounds));
    await served.stop();
    const bundled = await bundle(join(folder, 'bundle'));
    report.note(
      `The first call loads ${(bundled.bytes / 1000).toFixed(0)} kB in ${bundled.loadMs.toFixed(1)} ms that nothing else needs before.`,
    );
    report.table(
      `First requests, at ${count} pages`,
      FIRST,
      measureFirst(bundled, data, uuid, quick ? 2 : 15),
    );
  }
}

import { join } from 'node:path';
import { WikiClient } from './http/client.ts';
import { measurePuts, type ServedWiki } from './http/puts.ts';
import { measureRequests } from './http/reads.ts';
import { RevisionBook } from './http/revisions.ts';
import { hubCount, linkedPages } from './support/linked-wiki.ts';
import { type BenchOptions, benchOptions } from './support/options.ts';
import { Report } from './support/report.ts';
import { firstSearch, type Served, serveReference, serveWiki } from './support/served.ts';
import { loadWiki, openWiki } from './support/wiki-folder.ts';
import { inWorkFolder } from './support/work-folder.ts';

/** Requests to a real server process over kept-alive HTTP, against a bare server under the same Node. */

const options = benchOptions({ pages: [0, 1_000, 10_000], rounds: 400 }, { pages: [0, 1_000], rounds: 30 });
const report = new Report('http', options);
await inWorkFolder(options.folder, folder => measure(folder, options));
report.note(
  [
    'bare: a node:http server in a process of its own that reads the request and answers a constant of the same size.',
    'durable: the same after temporary file, fsync, rename, fsync of the folder, of as many bytes as the ledger has.',
    'The server logs as it does by default. Updates are of pages at random.',
  ].join('\n'),
);
report.finish();

async function measure(folder: string, { pages, rounds }: BenchOptions): Promise<void> {
  const reference = await serveReference(join(folder, 'reference'));
  const wikis: ServedWiki[] = [];
  for (const size of pages) {
    report.progress(`${size} pages`);
    const wiki = await serve(join(folder, `wiki-${size}`), size);
    const { seconds, hits } = await firstSearch(wiki.server);
    report.note(
      `The first search at ${size} pages, which waits for the index: ${seconds.toFixed(3)} s, ${hits} hits.`,
    );
    wikis.push(wiki);
  }
  await measurePuts(report, wikis, reference, rounds);
  const largest = wikis.at(-1);
  if (largest !== undefined && hubCount(largest.count) > 1) {
    await measureRequests(report, largest, reference, Math.ceil(rounds / 4));
  }
  for (const { client, server } of wikis) {
    client.close();
    await server.stop();
  }
  await reference.stop();
}

async function serve(folder: string, pages: number): Promise<ServedWiki> {
  const count = Math.max(1, pages);
  const uuid = await loadWiki(folder, linkedPages(count));
  const { store } = openWiki(folder, uuid);
  const server: Served = await serveWiki(folder, uuid);
  const client = await WikiClient.open(server);
  return {
    pages,
    count,
    server,
    client,
    book: await RevisionBook.open(client, count),
    ledgerBytes: async () => (await store.list(`ledger/${uuid}`)).objects[0]?.size ?? 0,
  };
}

import { readConfig } from '../src/core/config.ts';
import { createLogger } from '../src/core/log.ts';
import { systemRuntime } from '../src/core/runtime.ts';
import type { Repository } from '../src/git/repository.ts';
import { createService, type Service } from '../src/lazy/app.ts';
import type { RunnableProjection } from '../src/projection/runnable.ts';
import type { ByteStore } from '../src/storage/byte-store.ts';
import { AUTHOR, commitPage } from '../test/support/stored-wiki.ts';
import { linkedPages, linkedText } from './support/linked-wiki.ts';
import { benchOptions } from './support/options.ts';
import { pagePath } from './support/page-layout.ts';
import { type Column, Report, type Row } from './support/report.ts';
import { summarise } from './support/statistics.ts';
import { loadWiki } from './support/wiki-folder.ts';
import { inWorkFolder } from './support/work-folder.ts';

/** The site of a wiki: made at once, and brought to the head after changes, with the objects that are read and written for it. */

const COLUMNS: readonly Column[] = [
  { key: 'what', head: 'what' },
  { key: 'p50', head: 'p50 ms', as: 'ms' },
  { key: 'max', head: 'max ms', as: 'ms' },
  { key: 'reads', head: 'objects read', as: 'count' },
  { key: 'puts', head: 'written', as: 'count' },
  { key: 'deletes', head: 'deleted', as: 'count' },
  { key: 'lists', head: 'listings', as: 'count' },
];

const options = benchOptions({ pages: [1_000, 10_000], rounds: 15 }, { pages: [200], rounds: 2 });
const report = new Report('site', options);
for (const pages of options.pages) {
  await inWorkFolder(options.folder, async folder => {
    const service = serviceOf(folder, await loadWiki(folder, linkedPages(pages)));
    const counts = countCalls(await service.store());
    const site = (await service.projections()).list.find(({ name }) => name === 'site');
    if (site === undefined) throw new Error('There is no projection of the site');
    report.table(`${pages} pages, on a disk`, COLUMNS, await measure(service, site, counts, pages));
    await service.close();
  });
}
report.finish();

function serviceOf(folder: string, uuid: string): Service {
  const { config, secrets } = readConfig({
    env: { KITTIWAKE_DATA: folder, KITTIWAKE_WIKI: uuid, READ_ACCESS: 'ANONYMOUS' },
  });
  const log = createLogger({ level: 'error', write: line => console.error(line), now: Date.now });
  return createService({ config, secrets, runtime: systemRuntime, log });
}

interface Calls {
  reads: number;
  puts: number;
  deletes: number;
  lists: number;
}

/** Counts calls for objects of the site. */
function countCalls(store: ByteStore): Calls {
  const calls: Calls = { reads: 0, puts: 0, deletes: 0, lists: 0 };
  const isSite = (key: string) => key.startsWith('site/');
  const { get, put, list } = store;
  const remove = store.delete;
  store.get = (key, ...given) => {
    if (isSite(key)) calls.reads += 1;
    return get.call(store, key, ...given);
  };
  store.put = (key, ...given) => {
    if (isSite(key)) calls.puts += 1;
    return put.call(store, key, ...given);
  };
  store.list = (prefix, ...given) => {
    if (isSite(prefix)) calls.lists += 1;
    return list.call(store, prefix, ...given);
  };
  store.delete = (keys, ...given) => {
    calls.deletes += keys.filter(isSite).length;
    return remove.call(store, keys, ...given);
  };
  return calls;
}

async function measure(
  service: Service,
  site: RunnableProjection,
  calls: Calls,
  pages: number,
): Promise<Row[]> {
  const repository = await service.repository();
  const newest = () => repository.view({ maxAgeMs: 0 });
  const publish = async () => {
    const before = { ...calls };
    const startMs = performance.now();
    await site.run({ newest, deadlineMs: Number.POSITIVE_INFINITY });
    const ms = performance.now() - startMs;
    return {
      ms,
      reads: calls.reads - before.reads,
      puts: calls.puts - before.puts,
      deletes: calls.deletes - before.deletes,
      lists: calls.lists - before.lists,
    };
  };
  report.progress(`${pages} pages: all at once`);
  const whole = await publish();
  report.note(`${pages} pages: ${Math.round((pages * 1000) / whole.ms)} pages a second.`);
  const rows: Row[] = [{ what: 'all at once', p50: whole.ms, max: whole.ms, ...only(whole) }];
  let round = 0;
  const repeated = async (what: string, change: (round: number) => Promise<unknown>) => {
    const runs: Awaited<ReturnType<typeof publish>>[] = [];
    for (let run = 0; run < options.rounds; run += 1) {
      round += 1;
      await change(round);
      runs.push(await publish());
    }
    const { p50, max } = summarise(runs.map(({ ms }) => ms));
    const middle = runs.toSorted((a, b) => a.ms - b.ms)[runs.length >> 1];
    rows.push({ what, p50, max, ...(middle ? only(middle) : {}) });
  };
  const edit = (index: number, n: number) => {
    const text = `${linkedText(index % pages, pages)}\nMore words ${n}.\n`;
    return commitPage(repository, pagePath(index % pages, pages, 'nested'), text);
  };
  await repeated('one page changed', n => edit(n * 7, n));
  await repeated('ten pages changed', async n => {
    for (let index = 0; index < 10; index += 1) await edit(n * 70 + index * 13, n);
  });
  await repeated('a new page', n => commitPage(repository, `new/page-${n}.md`, `# New ${n}\n\nText.\n`));
  await repeated('a page deleted', n => removePage(repository, `new/page-${n - options.rounds}.md`));
  await repeated('a page renamed', n => renamePage(repository, n * 11, n, pages));
  await repeated('nothing', async () => {});
  return rows;
}

function only({ reads, puts, deletes, lists }: Calls): Row {
  return { reads, puts, deletes, lists };
}

function renamePage(repository: Repository, index: number, n: number, pages: number): Promise<unknown> {
  const bytes = Buffer.from(linkedText(index % pages, pages));
  const changes = [
    { path: pagePath(index % pages, pages, 'nested'), to: null },
    { path: `moved/page-${n}.md`, to: { bytes } },
  ];
  const draft = { changes, message: 'Rename', author: AUTHOR };
  return repository.commit({ plan: async () => ({ kind: 'commit', draft, result: () => null }) });
}

function removePage(repository: Repository, path: string): Promise<unknown> {
  const draft = { changes: [{ path, to: null }], message: 'Remove', author: AUTHOR };
  return repository.commit({ plan: async () => ({ kind: 'commit', draft, result: () => null }) });
}

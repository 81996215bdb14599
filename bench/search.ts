import { realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../src/core/config.ts';
import { createLogger } from '../src/core/log.ts';
import { systemRuntime } from '../src/core/runtime.ts';
import { createService, type Service } from '../src/lazy/app.ts';
import { QUESTIONS } from './search/questions.ts';
import { type Contestant, interleave } from './support/interleave.ts';
import { apiPath, linkedPages, linkedText } from './support/linked-wiki.ts';
import { benchOptions } from './support/options.ts';
import { revised } from './support/page-text.ts';
import { type Column, Report } from './support/report.ts';
import { summarise } from './support/statistics.ts';
import { loadWiki } from './support/wiki-folder.ts';
import { inWorkFolder } from './support/work-folder.ts';

/** Searches and reports in a process that has the index: what each takes, what a commit adds, how large the index is. */

const COLUMNS: readonly Column[] = [
  { key: 'what', head: 'question' },
  { key: 'found', head: 'found', as: 'count' },
  { key: 'p50', head: 'p50 ms', as: 'ms' },
  { key: 'p95', head: 'p95 ms', as: 'ms' },
  { key: 'max', head: 'max ms', as: 'ms' },
];

const options = benchOptions({ pages: [1_000, 10_000], rounds: 40 }, { pages: [300], rounds: 3 });
const report = new Report('search', options);
for (const pages of options.pages) {
  await inWorkFolder(options.folder, async folder => {
    const service = serviceOf(folder, await loadWiki(folder, linkedPages(pages)));
    const search = await service.search();
    const startMs = performance.now();
    await search.search('nowhere', { offset: 0, limit: 1 });
    const seconds = (performance.now() - startMs) / 1000;
    await measure(service, pages);
    const bytes = statSync(realpathSync(join(folder, 'search', `${await service.wikiId()}.sqlite`))).size;
    report.note(
      `The index of ${pages} pages: made in ${seconds.toFixed(2)} s, ${(bytes / 1e6).toFixed(1)} MB.`,
    );
    await service.close();
  });
}
report.note(
  'Each question comes right after an update of some page, which is taken in beforehand. "taking in one commit" is that: the commit is made, the index is not yet asked.',
);
report.finish();

function serviceOf(folder: string, uuid: string): Service {
  const { config, secrets } = readConfig({ env: { KITTIWAKE_DATA: folder, KITTIWAKE_WIKI: uuid } });
  const log = createLogger({ level: 'error', write: line => console.error(line), now: Date.now });
  return createService({ config, secrets, runtime: systemRuntime, log });
}

async function measure(service: Service, pages: number): Promise<void> {
  const [wiki, search] = [await service.wiki(), await service.search()];
  let updates = 0;
  const update = async () => {
    updates += 1;
    const index = (updates * 7) % pages;
    const path = apiPath(index, pages);
    const { body } = await wiki.readPage(path);
    await wiki.putPage({
      path,
      content: revised(linkedText(index, pages), updates),
      revision: body.revision,
    });
  };
  const takeIn = () => search.search('nowhere', { offset: 0, limit: 1 });
  const found = new Map<string, number>();
  const asked = QUESTIONS.map(
    ({ what, ask }): Contestant => ({
      name: what,
      async prepare() {
        await update();
        await takeIn();
      },
      run: async () => void found.set(what, await ask(search)),
    }),
  );
  const catchUp = { name: 'taking in one commit', prepare: update, run: async () => void (await takeIn()) };
  const times = await interleave([...asked, catchUp], { warmUp: 2, rounds: options.rounds });
  const rows = [...times].map(([what, samples]) => {
    const { p50, p95, max } = summarise(samples);
    return { what, found: found.get(what), p50, p95, max };
  });
  report.table(`Questions at ${pages} pages`, COLUMNS, rows);
}

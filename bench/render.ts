import { Marked } from 'marked';
import sanitizeHtml from 'sanitize-html';
import { createRenderedPages } from '../src/projection/render/rendered-pages.ts';
import { createRenderer } from '../src/render/create-renderer.ts';
import type { CompiledPage, Place, RenderSettings } from '../src/render/renderer.ts';
import { createDiskByteStore } from '../src/storage/disk.ts';
import { readDocument } from '../src/wiki/markup/frontmatter.ts';
import { type Corpus, madeCorpus, realCorpus } from './render/corpora.ts';
import { type Contestant, interleave } from './support/interleave.ts';
import { benchOptions } from './support/options.ts';
import { type Column, Report, type Row } from './support/report.ts';
import { summarise } from './support/statistics.ts';
import { inWorkFolder } from './support/work-folder.ts';

/** What it costs to make HTML of pages, beside plain marked: anew, from the store, from memory. */

const COLUMNS: readonly Column[] = [
  { key: 'what', head: 'what' },
  { key: 'rate', head: 'pages/s', as: 'rate' },
  { key: 'each', head: 'p50 us a page', as: 'count' },
  { key: 'ratio', head: 'time to marked', as: 'ratio' },
];

const SETTINGS: RenderSettings = {
  wikilinkStyle: '',
  retainPageNameCase: false,
  openLinksInNewTab: false,
  htmlAllowlist: new Map(),
  timeoutMs: 60_000,
  maxBytes: 16 * 1024 * 1024,
};
const MARKED = 'marked';

const options = benchOptions({ pages: [10_000], rounds: 40 }, { pages: [100], rounds: 3 });
const report = new Report('render', options);
await inWorkFolder(options.folder, async folder => {
  const real = await realCorpus(folder);
  if (real === undefined) report.note('The real wiki is not beside the repository: it is left out.');
  for (const corpus of [...(real === undefined ? [] : [real]), ...options.pages.map(made)]) {
    report.table(corpus.name, COLUMNS, await measure(corpus, folder));
  }
});
report.note(
  [
    'A run renders all pages of a corpus, one after the other; highlighting, formulas and footnotes are not in marked.',
    'marked and sanitize-html: its HTML through the sanitiser with that one’s own allow-list.',
    'compile: text to what is kept. place: what is kept to HTML, with links that all lead somewhere.',
    'from the store: read from a disk, and placed. from memory: placed.',
  ].join('\n'),
);
report.finish();

function made(count: number): Corpus {
  return madeCorpus(count, Math.min(count, options.quick ? 50 : 200));
}

async function measure({ pages }: Corpus, folder: string): Promise<Row[]> {
  const renderer = createRenderer(SETTINGS, readDocument);
  const marked = new Marked({ gfm: true });
  const store = createDiskByteStore({ folder });
  const open = () => createRenderedPages({ store, renderer, onError: fail });
  const warm = open();
  const compiled: CompiledPage[] = [];
  for (const [path, text] of pages) compiled.push(await warm.compile(path, text));
  const each = (name: string, work: (path: string, text: string, at: number) => unknown): Contestant => ({
    name,
    async run() {
      for (const [at, [path, text]] of pages.entries()) await work(path, text, at);
    },
  });
  let cold = open();
  const contestants: Contestant[] = [
    each(MARKED, (_, text) => marked.parse(text)),
    each('marked and sanitize-html', (_, text) => sanitizeHtml(String(marked.parse(text)))),
    each('compile', (_, text) => renderer.compile(text)),
    each('compile and place', async (path, text) =>
      check(await renderer.place(await renderer.compile(text), placeOf(path))),
    ),
    {
      ...each('from the store', async (path, text) =>
        check(await cold.place(await cold.compile(path, text), placeOf(path))),
      ),
      prepare: () => {
        cold = open();
      },
    },
    each('from memory', async (path, text) =>
      check(await warm.place(await warm.compile(path, text), placeOf(path))),
    ),
  ];
  const times = await interleave(contestants, { warmUp: 3, rounds: options.rounds });
  const reference = summarise(times.get(MARKED) ?? []).p50;
  return contestants.map(({ name }): Row => {
    const { p50 } = summarise(times.get(name) ?? []);
    return {
      what: name,
      rate: (pages.length * 1000) / p50,
      each: (p50 * 1000) / pages.length,
      ratio: p50 / reference,
    };
  });
}

/** Every link leads to a page; nothing is embedded. */
function placeOf(file: string): Place {
  return {
    file,
    pageUrl: (target, anchor) => `/${target}#${anchor}`,
    fileUrl: target => `/-/files/${target}`,
    resolve: async target => ({ file: target, anchor: '', isPage: true, exists: true }),
    page: async () => undefined,
    at: placeOf,
    attachments: async () => [],
    pagesBelow: async () => [],
    read: async () => undefined,
  };
}

function check({ html }: { html: string }): void {
  if (html.includes('\0')) throw new Error('A reference was not filled in');
}

function fail(error: unknown): never {
  throw error;
}

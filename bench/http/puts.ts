import { HttpConnection } from '../support/http-connection.ts';
import { type Contestant, interleave } from '../support/interleave.ts';
import { seededRandom } from '../support/page-text.ts';
import type { Column, Report, Row } from '../support/report.ts';
import type { Served } from '../support/served.ts';
import { summarise } from '../support/statistics.ts';
import { expectSame } from '../support/verify.ts';
import { parsed, type WikiClient } from './client.ts';
import type { PageUpdate, RevisionBook } from './revisions.ts';

export interface ServedWiki {
  pages: number;
  /** Pages there are; one in a wiki of 0. */
  count: number;
  server: Served;
  client: WikiClient;
  book: RevisionBook;
  /** Size of the ledger as it is now. */
  ledgerBytes(): Promise<number>;
}

const COLUMNS: readonly Column[] = [
  { key: 'what', head: 'PUT of a page of 2 kB' },
  { key: 'requests', head: 'requests', as: 'count' },
  { key: 'p50', head: 'p50 ms', as: 'ms' },
  { key: 'p95', head: 'p95 ms', as: 'ms' },
  { key: 'p99', head: 'p99 ms', as: 'ms' },
  { key: 'max', head: 'max ms', as: 'ms' },
  { key: 'toBare', head: 'p50 to bare', as: 'ratio' },
  { key: 'toDurable', head: 'p50 to durable', as: 'ratio' },
];

const BARE = 'bare server, constant answer';
const DURABLE = 'bare server after a raw durable write';

/** Updates of pages at random in wikis of rising size, against servers that do not know what a wiki is. */
export async function measurePuts(
  report: Report,
  wikis: readonly ServedWiki[],
  reference: Served,
  rounds: number,
): Promise<void> {
  const bare = await HttpConnection.open(reference.url);
  const last = new Map<ServedWiki, PageUpdate>();
  const sizes = { answer: 200, ledger: 40_000 };
  let body = '{}';
  const contestants: Contestant[] = [];
  for (const wiki of wikis) {
    const random = seededRandom(wiki.pages);
    let update = wiki.book.update(0, 0);
    contestants.push({
      name: nameOf(wiki),
      prepare(round) {
        update = wiki.book.update(Math.floor(random() * wiki.count), 3_000_000 + round);
        body = update.body;
        last.set(wiki, update);
      },
      async run() {
        sizes.answer = await wiki.book.send(update);
      },
    });
  }
  const largest = wikis.at(-1);
  contestants.push(
    {
      name: BARE,
      run: async () => void (await put(bare, `/constant/${sizes.answer}`, body)),
    },
    {
      name: DURABLE,
      prepare: async () => {
        sizes.ledger = (await largest?.ledgerBytes()) ?? sizes.ledger;
      },
      run: async () => void (await put(bare, `/durable/${sizes.ledger}/${sizes.answer}`, body)),
    },
  );
  const times = await interleave(contestants, { warmUp: Math.min(50, rounds), rounds });
  bare.close();
  for (const [wiki, { path, content }] of last) {
    expectSame(`the page ${path}`, parsed(await wiki.client.get(`/pages/${path}`)).content, content);
  }
  report.table('PUT over HTTP, kept alive, one client; writes of flushes included', COLUMNS, toRows(times));
}

async function put(connection: HttpConnection, path: string, body: string): Promise<void> {
  const answer = await connection.ask({ method: 'PUT', path, body });
  if (answer.status !== 200) throw new Error(`PUT ${path} answers ${answer.status}`);
}

function nameOf({ pages }: ServedWiki): string {
  return `kittiwake, ${pages.toLocaleString('en')} pages`;
}

function toRows(times: ReadonlyMap<string, number[]>): Row[] {
  const bare = summarise(times.get(BARE) ?? []).p50;
  const durable = summarise(times.get(DURABLE) ?? []).p50;
  return [...times].map(([what, samples]) => {
    const { count, p50, p95, p99, max } = summarise(samples);
    return { what, requests: count, p50, p95, p99, max, toBare: p50 / bare, toDurable: p50 / durable };
  });
}

import { type Answer, HttpConnection } from '../support/http-connection.ts';
import { type Contestant, interleave } from '../support/interleave.ts';
import { seededRandom } from '../support/page-text.ts';
import type { Column, Report } from '../support/report.ts';
import type { Served } from '../support/served.ts';
import { summarise } from '../support/statistics.ts';
import { firstEdited, type Operation, operationsOf } from './operations.ts';
import type { ServedWiki } from './puts.ts';

const COLUMNS: readonly Column[] = [
  { key: 'what', head: 'request' },
  { key: 'requests', head: 'requests', as: 'count' },
  { key: 'p50', head: 'p50 ms', as: 'ms' },
  { key: 'p95', head: 'p95 ms', as: 'ms' },
  { key: 'p99', head: 'p99 ms', as: 'ms' },
  { key: 'kB', head: 'answer kB', as: 'kB' },
  { key: 'bare', head: 'bare p50 ms', as: 'ms' },
  { key: 'toBare', head: 'p50 to bare', as: 'ratio' },
];

/** Every kind of request once a round, each right after an update, so that nothing is answered from an old state. */
export async function measureRequests(
  report: Report,
  wiki: ServedWiki,
  reference: Served,
  rounds: number,
): Promise<void> {
  const update = updateOf(wiki);
  const bare = await HttpConnection.open(reference.url);
  const measured = operationsOf(wiki).map(operation => ({ operation, bytes: 0 }));
  const contestants = measured.flatMap(each => contestantsOf(each, bare, update));
  const times = await interleave(contestants, { warmUp: 3, rounds });
  bare.close();
  const rows = measured.map(({ operation: { what }, bytes }) => {
    const { count, p50, p95, p99 } = summarise(times.get(what) ?? []);
    const reference = summarise(times.get(`bare ${what}`) ?? []).p50;
    return { what, requests: count, p50, p95, p99, kB: bytes, bare: reference, toBare: p50 / reference };
  });
  report.table(`Requests at ${wiki.pages} pages, each after an update of some page`, COLUMNS, rows);
}

function updateOf({ book, count }: ServedWiki): (round: number) => Promise<void> {
  const random = seededRandom(5);
  const first = firstEdited(count);
  return async round => {
    const index = first + Math.floor(random() * (count - first));
    await book.send(book.update(index, 4_000_000 + round));
  };
}

function contestantsOf(
  measured: { operation: Operation; bytes: number },
  bare: HttpConnection,
  update: (round: number) => Promise<void>,
): Contestant[] {
  const { operation } = measured;
  let answer: Answer | undefined;
  return [
    {
      name: operation.what,
      async prepare(round) {
        await update(round);
        await operation.prepare?.();
      },
      async run(round) {
        answer = await operation.ask(round);
      },
    },
    {
      name: `bare ${operation.what}`,
      prepare() {
        if (answer === undefined) return;
        operation.check(answer);
        measured.bytes = answer.body.length;
        answer = undefined;
      },
      run: async () => void (await bare.ask(operation.bare(measured.bytes))),
    },
  ];
}

import { Cloud } from '../cloud.ts';
import { delayedStore } from '../delayed-store.ts';
import { Prng } from '../prng.ts';
import { Scheduler } from '../scheduler.ts';
import { SimulatedProcess } from '../simulated-process.ts';
import { CountingStore, type Requests } from './counting-store.ts';
import { Taker } from './taker.ts';
import { emptyTally, TALLY_KEY, tallyBody, tallyOf } from './tally.ts';

export interface HandOverOptions {
  /** Each has one request at a time, and the next one as soon as it was answered. */
  processes: number;
  getMs: number;
  putMs: number;
  /** Simulated. */
  durationMs: number;
  seed?: number;
  /** A request that was handed over is looked after about every half of this. */
  windowMs: number;
  /** Who carries out what was handed over: whoever finds his own still waiting, or one process that does nothing else. */
  leader: 'anyone' | 'one';
}

export interface HandOver {
  commitsPerSecond: number;
  /** Sorted. */
  latenciesMs: number[];
  /** Of all kinds. */
  requestsPerCommit: number;
  requests: Requests;
  commitsPerSwap: number;
  /** Commits by process. */
  commits: number[];
  /** Requests that are in the history more than once, or were answered and are not there. */
  wrong: string[];
}

/**
 * An experiment, of which nothing is in `src` (docs/decisions/0012-hand-over.md): the loser of a race leaves what it wants
 * where the next winner finds it, and looks for its verdict in the object. Nothing fails here.
 */
export async function handOver(options: HandOverOptions): Promise<HandOver> {
  const { processes, durationMs, seed = 1, leader } = options;
  const scheduler = new Scheduler();
  const cloud = new Cloud(() => scheduler.nowMs);
  const prng = new Prng(seed);
  cloud.put(TALLY_KEY, tallyBody(emptyTally), { ifAbsent: true });
  const endMs = scheduler.nowMs + durationMs;
  const takers = Array.from({ length: processes + 1 }, (_, place) => {
    const process = new SimulatedProcess(`process-${place}`, scheduler, prng.fork());
    const store = new CountingStore(delayedStore({ process, scheduler, cloud, ...options }));
    return new Taker({ process, store, windowMs: options.windowMs, leads: leader === 'anyone' });
  });
  const [lead, ...others] = takers;
  if (leader === 'one' && lead !== undefined) void lead.leadUntil(endMs);
  for (const taker of others) void taker.askUntil(endMs);
  await scheduler.run({ done: () => scheduler.nowMs > endMs, maxEvents: 50_000_000 });
  return resultOf(takers, others, cloud, durationMs);
}

function resultOf(
  takers: readonly Taker[],
  others: readonly Taker[],
  cloud: Cloud,
  durationMs: number,
): HandOver {
  const answered = others.flatMap(({ answers }) => answers);
  const applied = cloud.landings.flatMap(({ key, bytes }) => (key === TALLY_KEY ? tallyOf(bytes).added : []));
  const requests: Requests = { puts: 0, gets: 0, lists: 0, deletes: 0 };
  for (const { store } of takers)
    for (const kind of ['puts', 'gets', 'lists', 'deletes'] as const) requests[kind] += store.requests[kind];
  const all = requests.puts + requests.gets + requests.lists + requests.deletes;
  const there = new Set(applied);
  return {
    commitsPerSecond: (1_000 * answered.length) / durationMs,
    latenciesMs: answered.map(({ tookMs }) => tookMs).sort((one, other) => one - other),
    requestsPerCommit: all / answered.length,
    requests,
    commitsPerSwap: applied.length / (cloud.landings.filter(({ key }) => key === TALLY_KEY).length - 1),
    commits: others.map(({ answers }) => answers.length),
    wrong: [
      ...applied.filter((id, place) => applied.indexOf(id) !== place),
      ...answered.filter(({ id }) => !there.has(id)).map(({ id }) => id),
    ],
  };
}

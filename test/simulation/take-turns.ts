import { isKittiwakeError } from '../../src/core/errors.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import type { Intent } from '../../src/swap/swap.ts';
import { createSwap } from '../../src/swap/swapper.ts';
import { Cloud } from './cloud.ts';
import { delayedStore } from './delayed-store.ts';
import { Prng } from './prng.ts';
import { Scheduler } from './scheduler.ts';
import { SimulatedProcess } from './simulated-process.ts';
import type { MakeSwap } from './toy-client.ts';
import { append, contains, emptyToy, packedCount, TOY_KEY, type Toy, toyFormat } from './toy-ledger.ts';

export interface TurnOptions {
  processes: number;
  /** Each asks again as soon as it was answered. */
  writersEach: number;
  getMs: number;
  putMs: number;
  /** Simulated. */
  durationMs: number;
  /** How long a writer waits. Default: as long as `swap` lets it. */
  limitMs?: number;
  seed?: number;
  /** Processes that come first, by themselves, for so long. */
  early?: { processes: number; ms: number };
  /** How long all but the slow think between their writes. */
  thinkMs?: number;
  /** The first processes, whose intents take so long to evaluate. `isLong`: as they say themselves. */
  slow?: { processes: number; applyMs: number; isLong: boolean };
  /** As of a disk; see {@link SwapOptions}. */
  local?: boolean;
  /** One that is there no more had asked for a turn. */
  abandoned?: boolean;
  makeSwap?: MakeSwap;
  /** All but some leave after so long, and these think for a while between their writes from then on. */
  crowd?: { ms: number; stay: number; thinkMs: number };
}

export interface Turns {
  commitsPerSecond: number;
  /** Sorted. */
  latenciesMs: number[];
  /** Those of the last quarter of the time. */
  lateLatenciesMs: number[];
  putsPerSwap: number;
  getsPerSwap: number;
  /** Commits by process, in the order in which they started. */
  commits: number[];
  /** How long the first commit of each process took. */
  firstMs: number[];
  /** How long each commit of each process took. */
  tookMs: number[][];
  refusals: Refusal[];
}

interface Refusal {
  code: string;
  tookMs: number;
  retryAfterMs: unknown;
  /** It is in the history all the same. */
  applied: boolean;
}

/** Many processes over one object whose store never fails and takes its time: who gets a turn, and when. */
export async function takeTurns(options: TurnOptions): Promise<Turns> {
  const { processes, durationMs, seed = 1, early, crowd } = options;
  const scheduler = new Scheduler();
  const cloud = new Cloud(() => scheduler.nowMs);
  const prng = new Prng(seed);
  const turn = options.abandoned ? { turn: '0123456789abcdef' } : {};
  const first = { uuid: 'toy', seq: 1, nonce: '0'.repeat(32), ...turn };
  cloud.put(TOY_KEY, toyFormat.encode(emptyToy('toy'), first), { ifAbsent: true });
  const startMs = scheduler.nowMs;
  const endMs = startMs + durationMs;
  const writers = Array.from({ length: processes }, (_, place) => {
    const process = new SimulatedProcess(`process-${place}`, scheduler, prng.fork());
    const waitMs = early !== undefined && place >= early.processes ? early.ms : 0;
    const store = delayedStore({ process, scheduler, cloud, ...options });
    const leaves = crowd !== undefined && place >= crowd.stay;
    const untilMs = leaves ? startMs + crowd.ms : endMs;
    const slow = options.slow !== undefined && place < options.slow.processes ? options.slow : undefined;
    const thinks = slow ? undefined : thoughtsOf(options, startMs);
    return startWriters({ ...options, process, store, waitMs, endMs: untilMs, thinks, scheduler, slow });
  });
  await scheduler.run({ done: () => scheduler.nowMs > endMs, maxEvents: 50_000_000 });
  const swaps = cloud.landings.length - 1;
  const latenciesMs = writers.flatMap(({ answers }) => answers.map(({ tookMs }) => tookMs));
  return {
    commitsPerSecond: (1_000 * latenciesMs.length) / durationMs,
    latenciesMs: latenciesMs.toSorted((one, other) => one - other),
    lateLatenciesMs: writers
      .flatMap(({ answers }) => answers.filter(({ askedMs }) => askedMs > endMs - durationMs / 4))
      .map(({ tookMs }) => tookMs)
      .toSorted((one, other) => one - other),
    putsPerSwap: writers.reduce((sum, { swap }) => sum + swap.counters.puts, 0) / swaps,
    getsPerSwap: writers.reduce((sum, { swap }) => sum + swap.counters.gets, 0) / swaps,
    commits: writers.map(({ answers }) => answers.length),
    firstMs: writers.map(({ answers }) => answers[0]?.tookMs ?? Number.POSITIVE_INFINITY),
    tookMs: writers.map(({ answers }) => answers.map(({ tookMs }) => tookMs)),
    refusals: writers.flatMap(({ refusals }) =>
      refusals.map(each => ({ ...each, applied: applied(each.id, cloud) })),
    ),
  };
}

function thoughtsOf({ crowd, thinkMs }: TurnOptions, startMs: number): WriterOptions['thinks'] {
  if (crowd) return { sinceMs: startMs + crowd.ms, ms: crowd.thinkMs };
  return thinkMs === undefined ? undefined : { sinceMs: startMs, ms: thinkMs };
}

interface WriterOptions {
  process: SimulatedProcess;
  store: ByteStore;
  waitMs: number;
  endMs: number;
  writersEach: number;
  thinks: { sinceMs: number; ms: number } | undefined;
  scheduler: Scheduler;
  slow: TurnOptions['slow'];
  local?: boolean;
  makeSwap?: MakeSwap;
  limitMs?: number;
}

function startWriters(options: WriterOptions) {
  const {
    process,
    store,
    waitMs,
    endMs,
    writersEach,
    thinks,
    scheduler,
    limitMs,
    slow,
    local = false,
  } = options;
  const { runtime, prng } = process;
  const { makeSwap = createSwap } = options;
  const swap = makeSwap({ store, key: TOY_KEY, format: toyFormat, runtime, local });
  const answers: { askedMs: number; tookMs: number }[] = [];
  const refusals: (Omit<Refusal, 'applied'> & { id: string })[] = [];
  let written = 0;
  const write = async (): Promise<void> => {
    await runtime.sleep(waitMs + prng.between(0, 5));
    while (scheduler.nowMs < endMs) {
      const askedMs = scheduler.nowMs;
      written += 1;
      const id = `${process.name}-${written}`;
      const intent: Intent<Toy, string> = {
        ...(limitMs === undefined ? {} : { deadlineMs: runtime.now() + limitMs }),
        isLong: slow?.isLong ?? false,
        apply: async current => {
          if (slow) await runtime.sleep(slow.applyMs);
          return { kind: 'change', value: shortened(append(current, 'a', id)), result: id };
        },
        settle: async (current, base) =>
          (await contains(current, packedCount(base), id, store)) ? id : undefined,
      };
      try {
        await swap.submit(intent);
        answers.push({ askedMs, tookMs: scheduler.nowMs - askedMs });
      } catch (error) {
        if (!isKittiwakeError(error)) throw error;
        const { code, data } = error;
        refusals.push({ id, code, tookMs: scheduler.nowMs - askedMs, retryAfterMs: data.retryAfterMs });
      }
      if (thinks && scheduler.nowMs >= thinks.sinceMs)
        await runtime.sleep(thinks.ms * prng.between(0.5, 1.5));
    }
  };
  for (let writer = 0; writer < writersEach; writer += 1) void write();
  return { swap, answers, refusals };
}

function applied(id: string, cloud: Cloud): boolean {
  return cloud.landings.some(({ bytes }) => bytes.includes(`"${id}"`));
}

/** Only the newest entries matter here. */
function shortened(toy: Toy): Toy {
  return { ...toy, journal: toy.journal.slice(-8) };
}

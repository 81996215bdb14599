import { isKittiwakeError, KittiwakeError } from '../../src/core/errors.ts';
import { randomId } from '../../src/core/runtime.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import type { Intent, Swap } from '../../src/swap/swap.ts';
import { createSwap, type SwapOptions } from '../../src/swap/swapper.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import {
  append,
  contains,
  flushing,
  type Position,
  packedCount,
  position,
  TOY_KEY,
  type Toy,
  toyFormat,
} from './toy-ledger.ts';
import type { World } from './world.ts';

export type ToyAnswer = { said: 'applied' | 'kept'; at: Position };

/** What a caller takes to evaluate that takes long. */
const LONG_MS = 150;

/** What a caller asks for. */
interface Wish {
  /**
   * `edit` is refused unless the page still holds `expected`; `ensure` keeps a page that is there; `moody` changes its
   * mind: the same value is refused one time and changed the next.
   */
  kind: 'write' | 'edit' | 'ensure' | 'moody';
  page: string;
  expected: string | null;
  limitMs: number;
  mustSucceed: boolean;
}

/** What it asked for and what it was told, with simulated times. */
export interface Operation extends Wish {
  id: string;
  process: SimulatedProcess;
  askedMs: number;
  answeredMs?: number;
  /** `applied`, `kept`, or the code of an error. Absent: nobody heard. */
  said?: string;
  /** What the verdict rests on. */
  at?: Position;
}

export interface Reading {
  /** The oldest moment at which what was read may have been current. */
  askedMs: number;
  answeredMs: number;
  at: Position;
}

/** The records of one run. */
export interface Records {
  operations: Operation[];
  readings: Reading[];
  swaps: Swap<Toy>[];
}

export type MakeSwap = (options: SwapOptions<Toy>) => Swap<Toy>;

/** One process that works on the toy ledger: some writers that share a swap, and a reader. */
export class ToyClient {
  readonly swap: Swap<Toy>;
  readonly #process: SimulatedProcess;
  readonly #store: ByteStore;
  readonly #records: Records;
  readonly #world: World;
  readonly #slowest: number;

  constructor(world: World, records: Records, makeSwap: MakeSwap = createSwap) {
    const { process, store } = world.spawn();
    const { runtime } = process;
    const local = process.prng.chance(0.3);
    this.#slowest = process.prng.pick([0, 2_000, 60_000]);
    this.#process = process;
    this.#store = store;
    this.#records = records;
    this.#world = world;
    const hooks = flushing(store, () => randomId(runtime));
    this.swap = makeSwap({ store, key: TOY_KEY, format: toyFormat, runtime, hooks, local });
    records.swaps.push(this.swap);
  }

  /** Writes `count` times, with pauses for thought; often after reading what is there. */
  async write(count: number, thinkMs: number, patient: boolean): Promise<void> {
    const { prng, runtime } = this.#process;
    for (let done = 0; done < count; done += 1) {
      await runtime.sleep(prng.between(0, thinkMs));
      const page = prng.pick(['a', 'b', 'c', 'd']);
      const seen = prng.chance(0.3) ? await this.#read() : this.swap.held()?.value;
      const kind = prng.pick(['write', 'write', 'edit', 'edit', 'ensure', 'moody'] as const);
      const limitMs = patient ? 25_000 : prng.pick([25_000, 25_000, 25_000, 5_000, 500, 60]);
      await this.#operate({ kind, page, expected: seen?.pages[page] ?? null, limitMs, mustSucceed: false });
    }
  }

  /** A write that must succeed. */
  async writeOnce(): Promise<void> {
    await this.#operate({ kind: 'write', page: 'a', expected: null, limitMs: 25_000, mustSucceed: true });
  }

  /** Reads `count` times. */
  async watch(count: number, thinkMs: number): Promise<void> {
    const { prng, runtime } = this.#process;
    for (let done = 0; done < count; done += 1) {
      await runtime.sleep(prng.between(0, thinkMs));
      await this.#read();
    }
  }

  async #read(): Promise<Toy | undefined> {
    const maxAgeMs = this.#process.prng.pick([0, 0, 1_000]);
    const askedMs = this.#world.scheduler.nowMs - (maxAgeMs === 0 ? 0 : maxAgeMs + 1);
    try {
      const held = await this.swap.read(maxAgeMs);
      if (held === undefined) return undefined;
      this.#records.readings.push({
        askedMs,
        answeredMs: this.#world.scheduler.nowMs,
        at: position(held.value),
      });
      return held.value;
    } catch (error) {
      if (isKittiwakeError(error, 'storage_failed')) return undefined;
      throw error;
    }
  }

  async #operate(wish: Wish): Promise<void> {
    const { runtime } = this.#process;
    const id = randomId(runtime).slice(0, 12);
    const operation: Operation = {
      ...wish,
      id,
      process: this.#process,
      askedMs: this.#world.scheduler.nowMs,
    };
    this.#records.operations.push(operation);
    try {
      const answer = await this.swap.submit(this.#intent(operation, runtime.now() + wish.limitMs));
      operation.said = answer.said;
      operation.at = answer.at;
    } catch (error) {
      if (!(error instanceof KittiwakeError)) throw error;
      operation.said = error.code;
      if (error.code === 'stale') operation.at = error.data.at as Position;
    }
    operation.answeredMs = this.#world.scheduler.nowMs;
  }

  /** Evaluating and looking up take no time at all, some, or very long. */
  async #ponder(): Promise<void> {
    const { prng, runtime } = this.#process;
    if (prng.chance(0.05))
      await runtime.sleep(prng.between(0, prng.pick([200, 200, this.#world.troubled ? this.#slowest : 0])));
  }

  #intent({ kind, page, id, expected }: Operation, deadlineMs: number): Intent<Toy, ToyAnswer> {
    const isLong = id.startsWith('0');
    return {
      deadlineMs,
      isLong,
      apply: async current => {
        await this.#ponder();
        if (isLong) await this.#process.runtime.sleep(LONG_MS);
        const at = position(current);
        const there = current.pages[page] ?? null;
        if ((kind === 'edit' && there !== expected) || (kind === 'moody' && this.#process.prng.chance(0.4))) {
          throw new KittiwakeError('stale', 'Editing: the page has changed', { data: { at } });
        }
        if (kind === 'ensure' && there !== null) return { kind: 'keep', result: { said: 'kept', at } };
        return { kind: 'change', value: append(current, page, id), result: { said: 'applied', at } };
      },
      settle: async (current, base) => {
        const from = packedCount(base) + base.journal.length;
        await this.#ponder();
        if (!(await contains(current, from, id, this.#store))) return undefined;
        return { said: 'applied', at: { count: -1, last: null } };
      },
    };
  }
}

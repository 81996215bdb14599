import { isKittiwakeError } from '../../src/core/errors.ts';
import { createSnapshotState } from '../../src/db/state/snapshot-state.ts';
import { counters, schemaOf, type TestState, type TestTables, thousand } from '../contract/state-tables.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { World } from './world.ts';

export const STATE_UUID = 'one';
/** The second migration adds a thousand to what the first begins with, once. */
export const FIRST_VALUE = 1_000;
export const STATE_SCHEMA = schemaOf(counters, thousand);

export type MakeState = typeof createSnapshotState<TestTables>;

/** One transaction that somebody asked for, and what was said. */
export interface StateRequest {
  kind: 'raise' | 'refuse' | 'look';
  /** Noted in the row that it adds. */
  note: string;
  said?: string;
  /** What the attempt that was kept returned. */
  result?: { id: string; nth: number };
  process: { readonly alive: boolean };
  mustSucceed: boolean;
}

/** What a reader saw, and how much had been acknowledged before it asked. */
export interface StateReading {
  value: number;
  rows: number;
  acknowledged: number;
}

export interface StateRecords {
  requests: StateRequest[];
  readings: StateReading[];
}

/** One process with a handle to the state, and the callers that it serves. */
export class StateClient {
  readonly process: SimulatedProcess;
  readonly #state: TestState;
  readonly #records: StateRecords;

  constructor(world: World, records: StateRecords, make: MakeState = createSnapshotState) {
    const { process, store } = world.spawn();
    const { runtime } = process;
    this.process = process;
    this.#records = records;
    this.#state = make({ store, uuid: STATE_UUID, schema: STATE_SCHEMA, runtime });
  }

  /** A caller that asks for so many transactions, one after the other, and reads between them. */
  async work(requests: number, thinkMs: number): Promise<void> {
    const { runtime, prng } = this.process;
    for (let left = requests; left > 0; left -= 1) {
      await runtime.sleep(prng.between(0, thinkMs));
      await this.ask(prng.pick(['raise', 'raise', 'raise', 'refuse', 'look'] as const));
      if (prng.random() < 0.3) await this.#look();
    }
  }

  async ask(kind: StateRequest['kind'], mustSucceed = false): Promise<void> {
    const { process } = this;
    const note = `${process.name}/${this.#records.requests.length}`;
    const request: StateRequest = { kind, note, process, mustSucceed };
    this.#records.requests.push(request);
    try {
      request.result = await this.#transact(kind, note);
      request.said = 'applied';
    } catch (error) {
      request.said = isKittiwakeError(error) ? error.code : String(error);
    }
  }

  #transact(kind: StateRequest['kind'], note: string): Promise<{ id: string; nth: number }> {
    return this.#state.write(async (state, given) => {
      const { value } = await state.selectFrom('counter').select('value').executeTakeFirstOrThrow();
      const entry = { id: given.id(), nth: value + 1, note };
      if (kind === 'look') return entry;
      await state.insertInto('entry').values(entry).execute();
      await state.updateTable('counter').set({ value: entry.nth }).execute();
      if (kind === 'refuse') throw new Error('refused');
      return entry;
    });
  }

  async #look(): Promise<void> {
    const acknowledged = this.#records.requests.filter(
      ({ kind, said }) => kind === 'raise' && said === 'applied',
    ).length;
    try {
      const seen = await this.#state.read(
        async state => {
          const { value } = await state.selectFrom('counter').select('value').executeTakeFirstOrThrow();
          return { value, rows: (await state.selectFrom('entry').select('id').execute()).length };
        },
        { maxAgeMs: 0 },
      );
      this.#records.readings.push({ ...seen, acknowledged });
    } catch (error) {
      if (!isKittiwakeError(error, 'storage_failed')) throw error;
    }
  }
}

import type { SimulatedProcess } from '../simulated-process.ts';
import type { CountingStore } from './counting-store.ts';
import { emptyTally, TALLY_KEY, type Tally, tallyBody, tallyOf, withAdded } from './tally.ts';

const INTENTS = 'intents/';
/** After a lost race, requests are handed over without trying first, for so long. */
const CONTENDED_MS = 2_000;

export interface TakerOptions {
  process: SimulatedProcess;
  store: CountingStore;
  windowMs: number;
  /** May carry out what others have left. */
  leads: boolean;
}

export interface Answered {
  id: string;
  tookMs: number;
}

/** One process: asks, and carries out what others ask for. */
export class Taker {
  readonly store: CountingStore;
  readonly answers: Answered[] = [];
  readonly #options: TakerOptions;
  readonly #bodies = new Set<string>();
  #tally: Tally = emptyTally;
  #version: string | undefined;
  #contendedUntilMs = 0;

  constructor(options: TakerOptions) {
    this.#options = options;
    this.store = options.store;
  }

  async askUntil(endMs: number): Promise<void> {
    const { process } = this.#options;
    await process.runtime.sleep(process.prng.between(0, 5));
    for (let count = 1; process.nowMs < endMs; count += 1) {
      const id = `${process.name}-${count}`;
      const askedMs = process.nowMs;
      await this.#carryOut(id);
      this.answers.push({ id, tookMs: process.nowMs - askedMs });
    }
  }

  /** Does nothing but carry out what others have left. */
  async leadUntil(endMs: number): Promise<void> {
    while (this.#options.process.nowMs < endMs) await this.#lead();
  }

  async #carryOut(id: string): Promise<void> {
    const { process, windowMs, leads } = this.#options;
    const contended = !leads || process.nowMs < this.#contendedUntilMs;
    if (!contended && (await this.#alone(id))) return;
    await this.store.put(INTENTS + id, [Buffer.from(id)], { immutable: true });
    for (;;) {
      await process.runtime.sleep(process.prng.between(0, windowMs));
      await this.#read();
      if (this.#tally.verdicts.includes(id)) return;
      if (!leads) continue;
      if (await this.#lead()) return;
      await this.#read();
      if (this.#tally.verdicts.includes(id)) return;
    }
  }

  async #alone(id: string): Promise<boolean> {
    if (this.#version === undefined) await this.#read();
    return this.#swap([id]);
  }

  /** Carries out everything that was left; true when that was stored. */
  async #lead(): Promise<boolean> {
    const [keys] = await Promise.all([this.store.keys(INTENTS), this.#read()]);
    const ids = keys.map(key => key.slice(INTENTS.length));
    const done = ids.filter(id => this.#tally.verdicts.includes(id));
    const waiting = ids.filter(id => !this.#tally.verdicts.includes(id));
    await Promise.all(waiting.map(id => this.#readIntent(id)));
    if (waiting.length === 0) return false;
    const stored = await this.#swap(waiting);
    // Nobody waits for this.
    if (stored) void this.store.delete([...done, ...waiting].map(id => INTENTS + id));
    return stored;
  }

  async #readIntent(id: string): Promise<void> {
    if (this.#bodies.has(id)) return;
    await this.store.get(INTENTS + id);
    this.#bodies.add(id);
  }

  async #swap(ids: readonly string[]): Promise<boolean> {
    const next = withAdded(this.#tally, ids);
    const outcome = await this.store.put(TALLY_KEY, tallyBody(next), { ifMatch: this.#version ?? '' });
    if (outcome.kind === 'stored') {
      this.#tally = next;
      this.#version = outcome.version;
    } else {
      this.#contendedUntilMs = this.#options.process.nowMs + CONTENDED_MS;
    }
    return outcome.kind === 'stored';
  }

  async #read(): Promise<void> {
    const outcome = await this.store.get(TALLY_KEY, this.#version);
    if (outcome.kind !== 'found') return;
    const tally = tallyOf(outcome.bytes);
    if (tally.added.length > 1) this.#contendedUntilMs = this.#options.process.nowMs + CONTENDED_MS;
    if (tally.seq < this.#tally.seq) return;
    this.#tally = tally;
    this.#version = outcome.version;
  }
}

import { KittiwakeError } from '../core/errors.ts';
import { type Runtime, randomId } from '../core/runtime.ts';
import type { Stamp } from './swap.ts';

/** The writes of so many versions are remembered: enough to find one's own after an unknown outcome. */
const REMEMBERED_VERSIONS = 64;

/** The seq of the version that a write made, and its id. */
export type Write = readonly [seq: number, id: string];

/** A value that carries its newest writes with it, newest last. */
export interface Remembering {
  readonly stamp: Stamp;
  readonly writes: readonly Write[];
}

/** The attempts of one intent, each under an id of its own, by which it finds out which of them landed. */
export class Attempts<R extends NonNullable<unknown> | null> {
  readonly #runtime: Runtime;
  /** By the id under which it was written: of several attempts on one version, any may be the one that landed. */
  readonly #results = new Map<string, R>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** The writes of the version that follows `current`, one more attempt among them. */
  add({ writes, stamp }: Remembering, result: R): Write[] {
    const id = randomId(this.#runtime).slice(0, 16);
    this.#results.set(id, result);
    const seq = stamp.seq + 1;
    return [...writes.filter(write => seq - write[0] < REMEMBERED_VERSIONS), [seq, id]];
  }

  /**
   * The result of the attempt that is in `current`, which follows `base`. Undefined: none of them landed.
   * @throws KittiwakeError `outcome_unknown` when that cannot be told any more
   */
  landed(current: Remembering, base: Remembering): R | undefined {
    const landed = current.writes.find(([, id]) => this.#results.has(id));
    if (landed !== undefined) return this.#results.get(landed[1]);
    if (current.stamp.seq - base.stamp.seq <= REMEMBERED_VERSIONS) return undefined;
    throw new KittiwakeError('outcome_unknown', 'Writing: too many versions followed to tell the outcome');
  }
}

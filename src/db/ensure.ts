import type { MigrationSet } from './migration.ts';

/**
 * When schemas are compared with what the program knows: `auto` on the first use of each handle; `assume` never, but for a
 * database that has none at all; `always` on each use, for databases that others alter.
 */
export type SchemaMode = 'auto' | 'assume' | 'always';

/** How often the check was asked for. */
export interface EnsureCounts {
  /** Answered from memory. */
  hits: number;
  /** Compared with the database, or waited for such a comparison. */
  misses: number;
  /** Comparisons that failed, and so were forgotten. */
  failures: number;
}

const DONE = Promise.resolve();

function noChecks(): EnsureCounts {
  return { hits: 0, misses: 0, failures: 0 };
}

/**
 * Remembers which schemas one database handle has ensured. The first use compares with the database, concurrent first
 * users share one comparison, a failed one is forgotten; every later use costs one set look-up. Each handle has its own,
 * so that two databases never share what is known.
 */
export class SchemaMemory {
  readonly #check: (set: MigrationSet) => Promise<unknown>;
  readonly #ensured = new Set<MigrationSet>();
  readonly #pending = new Map<MigrationSet, Promise<void>>();
  readonly #counts: EnsureCounts;
  readonly #remembers: boolean;

  /**
   * @param check compares one schema with the database and migrates it when it differs
   * @param counts goes on from there, for several handles that are counted together. Default: this one alone
   * @param mode `always` remembers nothing. Whether `check` compares when it is called is its own affair
   */
  constructor(
    check: (set: MigrationSet) => Promise<unknown>,
    counts: EnsureCounts = noChecks(),
    mode: SchemaMode = 'auto',
  ) {
    this.#check = check;
    this.#counts = counts;
    this.#remembers = mode !== 'always';
  }

  /** Resolves when the schema is there. @throws what the check throws; the next call tries again */
  ensure(set: MigrationSet): Promise<void> {
    if (this.#ensured.has(set)) {
      this.#counts.hits += 1;
      return DONE;
    }
    this.#counts.misses += 1;
    const shared = this.#pending.get(set) ?? this.#first(set);
    this.#pending.set(set, shared);
    return shared;
  }

  get counts(): Readonly<EnsureCounts> {
    return { ...this.#counts };
  }

  async #first(set: MigrationSet): Promise<void> {
    try {
      // Even a check that throws at once must fail after `ensure` has noted that it is under way.
      await DONE;
      await this.#check(set);
      if (this.#remembers) this.#ensured.add(set);
    } catch (error) {
      this.#counts.failures += 1;
      throw error;
    } finally {
      this.#pending.delete(set);
    }
  }
}

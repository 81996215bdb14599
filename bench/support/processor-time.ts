import type { Contestant } from './interleave.ts';

/**
 * The processor time of this process, all its threads, while a contestant runs: it tells more than the clock where others
 * want the processor too.
 */
export class ProcessorTime {
  readonly #samples = new Map<string, number[]>();

  watch(contestant: Contestant): Contestant {
    const { name } = contestant;
    return {
      ...contestant,
      run: async round => {
        const before = process.cpuUsage();
        await contestant.run(round);
        const { user, system } = process.cpuUsage(before);
        const samples = this.#samples.get(name) ?? [];
        this.#samples.set(name, samples);
        samples.push((user + system) / 1000);
      },
    };
  }

  restart(): void {
    this.#samples.clear();
  }

  /** Milliseconds of each run since the last restart. */
  of(name: string): readonly number[] {
    return this.#samples.get(name) ?? [];
  }
}

/** One of those that are measured against each other. */
export interface Contestant {
  name: string;
  /** What is timed. */
  run(round: number): Promise<void> | void;
  /** Done before each `run`, outside the clock. */
  prepare?(round: number): Promise<void> | void;
  /** Done after each `run`, outside the clock. */
  settle?(round: number): Promise<void> | void;
  /** Takes part in every so many rounds only: for references that take long. Default 1. */
  every?: number;
}

export interface InterleaveOptions {
  /** Rounds that are run and forgotten. Default 0. */
  warmUp?: number;
  /** Measured rounds at least. */
  rounds: number;
  /** Asked after each round from `rounds` on: true ends the run. Default: ends at once. */
  complete?: () => boolean;
}

/**
 * Runs the contestants turn by turn, in an order that shifts from round to round, so that whatever disturbs the machine
 * meets all of them.
 * @returns milliseconds of each run, by name
 */
export async function interleave(
  contestants: readonly Contestant[],
  { warmUp = 0, rounds, complete = () => true }: InterleaveOptions,
): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < warmUp; round += 1) await runRound(contestants, round);
  for (let done = 0; done < rounds || !complete(); done += 1) {
    await runRound(contestants, warmUp + done, times);
  }
  return times;
}

async function runRound(
  contestants: readonly Contestant[],
  round: number,
  times?: Map<string, number[]>,
): Promise<void> {
  for (let turn = 0; turn < contestants.length; turn += 1) {
    const contestant = contestants[(turn + round) % contestants.length];
    if (contestant === undefined || round % (contestant.every ?? 1) !== 0) continue;
    await contestant.prepare?.(round);
    const startMs = performance.now();
    await contestant.run(round);
    times?.get(contestant.name)?.push(performance.now() - startMs);
    await contestant.settle?.(round);
  }
}

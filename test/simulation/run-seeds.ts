/** What one simulated run came to. */
export interface SimulationRun {
  /** What the run did not keep; empty when all is well. */
  violations: string[];
  /** How often callers were told what. */
  answers: Record<string, number>;
  events: number;
  simulatedMs: number;
}

/** Something to simulate. The same seed must give the same run. */
export interface Simulation {
  name: string;
  run(seed: number): Promise<SimulationRun>;
}

export interface SeedRange {
  from: number;
  /** Ends after this many seeds, whatever the time. */
  count?: number;
  /** Ends after this many real milliseconds. */
  limitMs?: number;
}

export interface Summary {
  name: string;
  seeds: number;
  events: number;
  simulatedMs: number;
  answers: Record<string, number>;
  failures: { seed: number; violations: string[] }[];
}

/** The seeds that the environment asks for: one (`SEED`), so many (`KITTIWAKE_SEEDS`), or so long (`KITTIWAKE_SIM_MS`). */
export function seedsFrom(environment: NodeJS.ProcessEnv, count: number): SeedRange {
  const { SEED, KITTIWAKE_SEEDS, KITTIWAKE_SIM_MS } = environment;
  if (SEED !== undefined) return { from: Number(SEED), count: 1 };
  if (KITTIWAKE_SEEDS !== undefined) return { from: 1, count: Number(KITTIWAKE_SEEDS) };
  if (KITTIWAKE_SIM_MS !== undefined) return { from: 1, limitMs: Number(KITTIWAKE_SIM_MS) };
  return { from: 1, count };
}

/** Runs seeds one after the other, and keeps what failed. `progress` is told after each. */
export async function runSeeds(
  simulation: Simulation,
  range: SeedRange,
  progress: (summary: Summary) => void = () => {},
): Promise<Summary> {
  const { from, count = Number.POSITIVE_INFINITY, limitMs = Number.POSITIVE_INFINITY } = range;
  const { name } = simulation;
  const summary: Summary = { name, seeds: 0, events: 0, simulatedMs: 0, answers: {}, failures: [] };
  const untilMs = Date.now() + limitMs;
  for (let seed = from; seed < from + count && Date.now() < untilMs; seed += 1) {
    const run = await simulation.run(seed);
    summary.seeds += 1;
    summary.events += run.events;
    summary.simulatedMs += run.simulatedMs;
    for (const [said, times] of Object.entries(run.answers)) {
      summary.answers[said] = (summary.answers[said] ?? 0) + times;
    }
    if (run.violations.length > 0) summary.failures.push({ seed, violations: run.violations });
    progress(summary);
  }
  return summary;
}

/** The failures, each with the command that replays it; empty when there are none. */
export function report({ failures }: Summary): string {
  const shown = failures.slice(0, 5).map(({ seed, violations }) => {
    const lines = violations.slice(0, 8).map(violation => `  ${violation}`);
    return [`seed ${seed} (replay: SEED=${seed} npx vitest run test/simulation)`, ...lines].join('\n');
  });
  if (failures.length > 5) shown.push(`and ${failures.length - 5} more seeds`);
  return shown.join('\n');
}

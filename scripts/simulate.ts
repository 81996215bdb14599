import { parseArgs } from 'node:util';
import { report, runSeeds, type SeedRange, type Summary } from '../test/simulation/run-seeds.ts';
import { s3Simulation } from '../test/simulation/s3-simulations.ts';
import { documentSimulation } from '../test/simulation/simulate-documents.ts';
import { policySimulation } from '../test/simulation/simulate-policy.ts';
import { stateSimulation } from '../test/simulation/simulate-state.ts';
import { toySimulation } from '../test/simulation/simulate-toy.ts';
import { wikiSimulation } from '../test/simulation/simulate-wiki.ts';

/**
 * Runs the simulations for as long, or over as many seeds, as asked:
 * `node scripts/simulate.ts --minutes 60`, `--seeds 5000`, `--from 1`, `--only swap`. Ends with 1 when a seed failed.
 */
const simulations = [
  toySimulation,
  documentSimulation,
  policySimulation,
  stateSimulation,
  wikiSimulation,
  s3Simulation,
];
const PROGRESS_EVERY_MS = 10_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const chosen = simulations.filter(({ name }) => values.only === undefined || values.only === name);
if (chosen.length === 0) {
  console.error(`Simulating "${values.only}": there are ${simulations.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

let failed = false;
for (const simulation of chosen) {
  const startMs = Date.now();
  const summary = await runSeeds(simulation, rangeFor(chosen.length), progressFrom(startMs));
  console.log(`${line(summary, startMs)}\n${JSON.stringify(summary.answers)}`);
  if (summary.failures.length > 0) {
    failed = true;
    console.log(report(summary));
  }
}
process.exitCode = failed ? 1 : 0;

function rangeFor(shares: number): SeedRange {
  const from = Number(values.from);
  if (values.minutes !== undefined) return { from, limitMs: (Number(values.minutes) * 60_000) / shares };
  return { from, count: Number(values.seeds ?? 5_000) };
}

function progressFrom(startMs: number): (summary: Summary) => void {
  let nextMs = startMs + PROGRESS_EVERY_MS;
  return summary => {
    if (Date.now() < nextMs) return;
    nextMs += PROGRESS_EVERY_MS;
    console.log(line(summary, startMs));
  };
}

function line({ name, seeds, events, simulatedMs, failures }: Summary, startMs: number): string {
  const seconds = ((Date.now() - startMs) / 1_000).toFixed(0);
  const days = (simulatedMs / 86_400_000).toFixed(1);
  return `${name}: ${seeds} seeds, ${events} events, ${days} simulated days in ${seconds} s, ${failures.length} seeds failed`;
}

import { runStep, type Step, type StepResult, summarise } from './steps.ts';

/** The long runs. The first seed is the day's, so that every night tries new ones; a failing seed prints itself. */
const firstSeed = String(Math.floor(Date.now() / 86_400_000) * 10_000_000);

const steps: Step[] = [
  { name: 'ci', command: ['node', 'scripts/ci.ts'], budgetSeconds: 960, live: true },
  {
    name: 'nightly suites',
    command: ['vitest', 'run', '--project', 'nightly'],
    budgetSeconds: 1_500,
    live: true,
  },
  // Needs a machine at rest, and a baseline made on one like it.
  { name: 'cold starts', command: ['node', 'bench/cold.ts', '--check'], budgetSeconds: 120, live: true },
  {
    name: 'simulation, one hour',
    command: ['node', 'scripts/simulate.ts', '--minutes', '60', '--from', firstSeed],
    budgetSeconds: 3_900,
    live: true,
  },
  {
    name: 'disturbed projections',
    command: ['vitest', 'run', '--project', 'long', 'test/projection/disturbed'],
    env: { KITTIWAKE_TEST_LIVES: '200', KITTIWAKE_TEST_SEED: firstSeed },
    budgetSeconds: 3_600,
    live: true,
  },
  {
    name: 'killed imports',
    command: ['vitest', 'run', '--project', 'nightly', 'test/import/killed.nightly.test.ts'],
    env: { KITTIWAKE_TEST_IMPORT_ROWS: '100000', KITTIWAKE_TEST_KILLS: '20', KITTIWAKE_TEST_SEED: firstSeed },
    budgetSeconds: 1_200,
    live: true,
  },
  {
    name: 'clients of git and of the API, a minute each',
    command: ['vitest', 'run', '--project', 'long', '--project', 'services', 'together'],
    env: { KITTIWAKE_TEST_CLIENTS: '20', KITTIWAKE_TEST_SECONDS: '60' },
    budgetSeconds: 900,
    live: true,
  },
];

const started = performance.now();
const results: StepResult[] = [];
for (const step of steps) results.push(await runStep(step));
if (!summarise('nightly', results, (performance.now() - started) / 1000, 12_600)) process.exitCode = 1;

import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { runStep, runSteps, type Step, summarise } from './steps.ts';
import { printSuites, readSuites, removeReport, vitestCommand } from './test-report.ts';

/**
 * The gate: needs no service, takes nine minutes at most. Every step runs, whatever fails before it. With `--tested` the
 * report of an `npm test` that has just run stands for its tests.
 */
const isTested = process.argv.includes('--tested');
const BUDGET_SECONDS = 560;
/** Two workers share the machine, so a suite takes longer by the clock than alone. */
const SUITE_BUDGET_SECONDS = 180;

const still: Step[] = [
  { name: 'types', command: ['tsc', '-p', '.'], budgetSeconds: 120 },
  {
    name: 'client without Node',
    command: ['tsc', '-p', 'tsconfig.client.json', '--noEmit'],
    budgetSeconds: 60,
  },
  { name: 'format and lint', command: ['biome', 'check', '--error-on-warnings', '.'], budgetSeconds: 60 },
  { name: 'architecture', command: depcruise(), budgetSeconds: 60 },
  { name: 'dead code', command: ['knip', '--no-config-hints'], budgetSeconds: 60 },
  {
    name: 'lock file complete',
    command: ['node', 'scripts/complete-lockfile.ts', '--check'],
    budgetSeconds: 20,
  },
  { name: 'function budgets', command: ['node', 'infra/functions/main.ts', '--check'], budgetSeconds: 60 },
  { name: 'documents up to date', command: ['node', 'scripts/draw.ts', '--check'], budgetSeconds: 60 },
];
const tests: Step = {
  name: 'tests',
  command: vitestCommand('local'),
  budgetSeconds: 520,
  live: true,
};

function depcruise(): [string, ...string[]] {
  const folders = ['src', 'test', 'bench', 'scripts', 'infra', 'examples'].filter(folder =>
    existsSync(folder),
  );
  return ['depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', ...folders];
}

const started = performance.now();
mkdirSync('.cache', { recursive: true });
if (!isTested) removeReport('local');
const results = await runSteps(still, Math.min(2, availableParallelism()));
if (!isTested) results.push(await runStep(tests));
const suites = readSuites('local');
const ok = suites.length > 0 && suites.every(({ failed }) => failed === 0);
if (isTested) results.push({ name: 'tests before', ok, seconds: 0, budgetSeconds: 0 });
const late = printSuites(suites, () => SUITE_BUDGET_SECONDS);
for (const suite of late)
  results.push({ name: `${suite} over budget`, ok: false, seconds: 0, budgetSeconds: 0 });
if (!summarise('check', results, (performance.now() - started) / 1000, BUDGET_SECONDS)) process.exitCode = 1;

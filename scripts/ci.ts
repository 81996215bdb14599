import { runSteps, type Step, summarise } from './steps.ts';
import { printSuites, readSuites, removeReport, vitestCommand } from './test-report.ts';

/**
 * The gate with nothing skipped, then the long suites and those that need services, then a short form of the simulation.
 * `--tested`: see `check.ts`.
 */
const given = process.argv.filter(argument => argument === '--tested');
const BUDGET_SECONDS = 900;
const env = { CI: '1' };

/** Seconds that the files of one folder may take together, by the clock of each. What asks services mostly waits for them. */
const SUITE_BUDGET_SECONDS = { long: 360, services: 540 };

const check: Step = {
  name: 'check',
  command: ['node', 'scripts/check.ts', ...given],
  budgetSeconds: 570,
  env,
  live: true,
};
/** Four fifths of its time it waits: for delays, restarts and repeats. So what needs the processor runs beside it. */
const services: Step = { name: 'services', command: vitestCommand('services'), budgetSeconds: 540, env };
const beside: Step[] = [
  { name: 'long', command: vitestCommand('long'), budgetSeconds: 480, env, live: true },
  {
    name: 'simulation, short',
    command: ['node', 'scripts/simulate.ts', '--minutes', '1'],
    budgetSeconds: 180,
    env,
    live: true,
  },
];

const started = performance.now();
for (const name of ['long', 'services']) removeReport(name);
const results = (await Promise.all([runSteps([services], 1), runSteps([check, ...beside], 1)])).flat();
const [longSuites, serviceSuites] = [readSuites('long'), readSuites('services')];
const more = [...longSuites, ...serviceSuites];
const late = [
  ...printSuites(longSuites, () => SUITE_BUDGET_SECONDS.long),
  ...printSuites(serviceSuites, () => SUITE_BUDGET_SECONDS.services),
];
for (const suite of late)
  results.push({ name: `${suite} over budget`, ok: false, seconds: 0, budgetSeconds: 0 });
const passed = summarise('ci', results, (performance.now() - started) / 1000, BUDGET_SECONDS);

const suites = [...readSuites('local'), ...more];
const count = (pick: 'passed' | 'failed') => suites.reduce((sum, suite) => sum + suite[pick], 0);
const failedTests = count('failed');
// A step that fails without a failing test (types, lint, a budget) must not hide behind "0 failed".
const failed = passed ? failedTests : Math.max(failedTests, results.filter(result => !result.ok).length, 1);
console.log(`${count('passed')} passed, ${failed} failed`);
if (!passed) process.exitCode = 1;

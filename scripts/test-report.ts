import { existsSync, readFileSync, rmSync } from 'node:fs';
import { relative, sep } from 'node:path';

/** Where the gate asks Vitest to write its JSON report. */
export const reportPath = (name: string) => `.cache/test-report-${name}.json`;

/** Vitest's arguments for one of the projects in vitest.config.ts. */
export function vitestCommand(project: string): [string, ...string[]] {
  const output = `--outputFile.json=${reportPath(project)}`;
  return ['vitest', 'run', '--project', project, '--reporter=default', '--reporter=json', output];
}

/** What all suites of one folder of `test/` came to. */
export interface SuiteResult {
  suite: string;
  passed: number;
  failed: number;
  skipped: number;
  /** Sum over its files; files run side by side, so the wall clock shows less. */
  seconds: number;
}

interface Report {
  testResults: {
    name: string;
    status: string;
    startTime: number;
    endTime: number;
    assertionResults: { status: string; fullName: string }[];
  }[];
}

export function removeReport(name: string): void {
  rmSync(reportPath(name), { force: true });
}

/** The report by folder, slowest first; a file that could not be run counts as one failed test. */
export function readSuites(name: string): SuiteResult[] {
  if (!existsSync(reportPath(name))) return [];
  const report: Report = JSON.parse(readFileSync(reportPath(name), 'utf8'));
  const suites = new Map<string, SuiteResult>();
  for (const file of report.testResults) {
    const suite = suiteOf(file.name);
    const sum = suites.get(suite) ?? { suite, passed: 0, failed: 0, skipped: 0, seconds: 0 };
    const statuses = file.assertionResults.map(result => result.status);
    const failed = statuses.filter(status => status === 'failed').length;
    sum.passed += statuses.filter(status => status === 'passed').length;
    sum.failed += file.status === 'failed' && failed === 0 ? 1 : failed;
    sum.skipped += statuses.filter(status => status !== 'passed' && status !== 'failed').length;
    sum.seconds += Math.max(0, file.endTime - file.startTime) / 1000;
    suites.set(suite, sum);
  }
  return [...suites.values()].sort((left, right) => right.seconds - left.seconds);
}

function suiteOf(file: string): string {
  const parts = relative(process.cwd(), file).split(sep);
  const depth = parts[1] === 'services' ? 3 : 2;
  return parts.slice(0, Math.min(depth, parts.length - 1)).join('/');
}

/** Prints each suite with its time and budget; the names of those that took longer. */
export function printSuites(
  suites: readonly SuiteResult[],
  budgetSeconds: (suite: string) => number,
): string[] {
  const late: string[] = [];
  for (const { suite, passed, failed, skipped, seconds } of suites) {
    const budget = budgetSeconds(suite);
    if (seconds > budget) late.push(suite);
    const counts = `${passed} passed, ${failed} failed, ${skipped} skipped`;
    const time = `${seconds.toFixed(1)} s of ${budget} s`;
    console.log(
      `  ${suite.padEnd(22)} ${counts.padEnd(36)} ${time}${seconds > budget ? '  OVER BUDGET' : ''}`,
    );
  }
  return late;
}

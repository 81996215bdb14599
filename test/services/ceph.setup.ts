import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestProject } from 'vitest/node';
import type { Cluster } from '../../scripts/ceph/cluster.ts';
import { missingCommands } from '../../scripts/ceph/command.ts';

/** What the tests are told about the one cluster of the run. */
export type ProvidedCeph =
  | { kind: 'running'; cluster: Cluster }
  | { kind: 'absent' }
  | { kind: 'broken'; why: string };

declare module 'vitest' {
  interface ProvidedContext {
    ceph: ProvidedCeph;
  }
}

/** Starts one cluster for all files of the run, where Ceph is installed; the function returned stops it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (missingCommands().length > 0) {
    project.provide('ceph', { kind: 'absent' });
    return async () => {};
  }
  // In a group of its own, so that what ends this process leaves it the time to stop the cluster.
  const main = join(import.meta.dirname, '../../scripts/ceph/main.ts');
  const keeper = spawn(process.execPath, [main, 'run'], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let errors = '';
  keeper.stderr.setEncoding('utf8').on('data', chunk => {
    errors += chunk;
  });
  const ended = once(keeper, 'close');
  const lines = createInterface(keeper.stdout);
  const first = await Promise.race([once(lines, 'line'), ended.then(() => undefined)]);
  if (first === undefined) project.provide('ceph', { kind: 'broken', why: errors });
  else project.provide('ceph', { kind: 'running', cluster: JSON.parse(first[0]) });
  return async () => {
    keeper.stdin.end();
    await ended;
  };
}

import { readdirSync, readFileSync } from 'node:fs';

/**
 * Processor time of another process since its start, all its threads, in milliseconds; undefined where Linux's /proc is not.
 * https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat
 */
export function processTimeMs(pid: number): number | undefined {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const times = tasks.map(task => threadTimeNs(`/proc/${pid}/task/${task}/schedstat`));
    return times.reduce((sum, each) => sum + each, 0) / 1e6;
  } catch {
    return undefined;
  }
}

/** A thread may end in between. */
function threadTimeNs(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8').split(' ')[0]);
  } catch {
    return 0;
  }
}

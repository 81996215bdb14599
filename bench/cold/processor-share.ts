import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A group of processes that together get a share of one processor. */
export interface ProcessorShare {
  /** Takes a process in, with all its threads. */
  add(pid: number): void;
  /** When all have ended. */
  remove(): Promise<void>;
}

const ROOT = '/sys/fs/cgroup';
/** Short, so that a share is spread over the milliseconds that are measured. */
const PERIOD_US = 20_000;

/**
 * Makes a control group of Linux, of version 2 where it has the processor, else of version 1. Undefined where this user cannot.
 * https://docs.kernel.org/scheduler/sched-bwc.html
 * @param share 1 is a whole processor; at least 0.05, below which the kernel takes no quota
 */
export function createProcessorShare(share: number): ProcessorShare | undefined {
  const quotaUs = Math.max(1000, Math.round(share * PERIOD_US));
  const name = `kittiwake-bench-${process.pid}-${quotaUs}`;
  return (
    attempt(join(ROOT, name), { 'cpu.max': `${quotaUs} ${PERIOD_US}` }) ??
    attempt(join(ROOT, 'cpu', name), {
      'cpu.cfs_period_us': String(PERIOD_US),
      'cpu.cfs_quota_us': String(quotaUs),
    })
  );
}

function attempt(folder: string, values: Readonly<Record<string, string>>): ProcessorShare | undefined {
  try {
    mkdirSync(folder);
  } catch {
    return undefined;
  }
  try {
    for (const [file, value] of Object.entries(values)) {
      if (!existsSync(join(folder, file))) throw new Error(`There is no ${file}`);
      writeFileSync(join(folder, file), value);
    }
  } catch {
    rmdirSync(folder);
    return undefined;
  }
  const processes = join(folder, 'cgroup.procs');
  return {
    add: pid => writeFileSync(processes, String(pid)),
    remove: async () => {
      while (readFileSync(processes, 'utf8') !== '') await sleep(10);
      rmdirSync(folder);
    },
  };
}

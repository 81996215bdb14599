import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';

export interface Machine {
  node: string;
  cpus: string;
  /** ISO 8601. */
  date: string;
  /** Mean number of processes that wanted a processor in the last minute. */
  load: number;
  /** Of the folder where the wikis lie: `ext4`; `unknown` where it cannot be told. */
  fileSystem: string;
}

/** Where and when something is measured: no figure means much without. */
export function describeMachine(folder: string): Machine {
  const all = cpus();
  return {
    node: process.version,
    cpus: `${all.length} x ${all[0]?.model ?? 'unknown'}`,
    date: new Date().toISOString(),
    load: loadavg()[0] ?? 0,
    fileSystem: fileSystemOf(folder),
  };
}

export function machineLine({ node, cpus, date, load, fileSystem }: Machine): string {
  return `Node ${node}, ${cpus}, ${fileSystem}, ${date}, load ${load.toFixed(2)}`;
}

/** proc_mounts(5): device, mount point, type, … */
function fileSystemOf(folder: string): string {
  try {
    const path = `${resolve(folder)}/`;
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
    const rows = mounts.map(line => line.split(' ')).filter(([, at]) => at && path.startsWith(join(at)));
    rows.sort(([, a = ''], [, b = '']) => a.length - b.length);
    return rows.at(-1)?.[2] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

function join(mountPoint: string): string {
  return mountPoint.endsWith('/') ? mountPoint : `${mountPoint}/`;
}

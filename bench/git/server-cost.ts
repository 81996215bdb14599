import { readFileSync } from 'node:fs';

/** Of Linux, as a rule: `getconf CLK_TCK`. */
const TICK_MS = 10;

/** Processor time of a process and of those that it has waited for, in milliseconds (proc(5), `/proc/PID/stat`). */
export function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return ticks * TICK_MS;
}

/** Most memory that a process has had, in bytes. */
export function peakBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

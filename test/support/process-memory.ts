import { readFileSync, writeFileSync } from 'node:fs';
import type { TestContext } from 'vitest';
import { skipSaying } from './needs.ts';

/** Follows the resident memory of a process, as Linux tells it: proc_pid_status(5). */
export class ProcessMemory {
  readonly #pid: number;

  /** Skips the test elsewhere. */
  constructor(ctx: Pick<TestContext, 'skip'>, pid: number) {
    if (process.platform !== 'linux') skipSaying(ctx, 'needs /proc: this is not Linux');
    this.#pid = pid;
  }

  get bytes(): number {
    return this.#read('VmRSS');
  }

  /** The most since the last {@link ProcessMemory.resetPeak}. */
  get peakBytes(): number {
    return this.#read('VmHWM');
  }

  /** See proc_pid_clear_refs(5). */
  resetPeak(): void {
    writeFileSync(`/proc/${this.#pid}/clear_refs`, '5');
  }

  #read(field: string): number {
    const status = readFileSync(`/proc/${this.#pid}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
  }
}

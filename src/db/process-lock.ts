import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import type { Runtime } from '../core/runtime.ts';
import { databaseUnavailable } from './errors.ts';
import { isBusy, isCorruption } from './sqlite.ts';

const POLL_MS = 20;

/**
 * A lock between processes of one machine: an exclusive transaction on an empty SQLite file. The system releases it when
 * its holder dies, however that happens.
 */
export class ProcessLock {
  readonly #file: string;
  readonly #runtime: Pick<Runtime, 'now' | 'sleep'>;

  /** @param file made when absent, never removed */
  constructor(file: string, runtime: Pick<Runtime, 'now' | 'sleep'>) {
    this.#file = file;
    this.#runtime = runtime;
  }

  /**
   * Runs `work` while nobody else, in this process or another, runs one.
   * @returns undefined, without having run it, when the lock was not free within `waitMs`
   * @throws KittiwakeError `database_unavailable`; what `work` throws
   */
  async hold<R>(waitMs: number, work: () => Promise<R>): Promise<{ value: R } | undefined> {
    const untilMs = this.#runtime.now() + waitMs;
    let held = this.#tryTake();
    while (!held) {
      if (this.#runtime.now() >= untilMs) return undefined;
      await this.#runtime.sleep(POLL_MS);
      held = this.#tryTake();
    }
    try {
      return { value: await work() };
    } finally {
      held.close();
    }
  }

  /** Undefined while someone else has it. */
  #tryTake(): Database.Database | undefined {
    let driver: Database.Database | undefined;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      driver = new Database(this.#file, { timeout: 0 });
      driver.exec('begin exclusive');
      return driver;
    } catch (cause) {
      driver?.close();
      if (isBusy(cause)) return undefined;
      if (!isCorruption(cause)) throw databaseUnavailable(this.#file, cause);
      rmSync(this.#file, { force: true });
      return undefined;
    }
  }
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { WriterTask } from './disk-writer.ts';

/** A running `disk-writer.ts`. */
export class WriterProcess {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #errors: string[] = [];
  /** What it has said so far. */
  readonly events: unknown[] = [];
  #onEvent: () => void = () => {};

  constructor(task: WriterTask, options: { uid?: number } = {}) {
    const script = fileURLToPath(new URL('disk-writer.ts', import.meta.url));
    const ids = options.uid === undefined ? {} : { uid: options.uid, gid: options.uid };
    this.#child = spawn(process.execPath, [script, JSON.stringify(task)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...ids,
    });
    this.#closed = once(this.#child, 'close');
    this.#child.stderr?.on('data', data => this.#errors.push(String(data)));
    if (this.#child.stdout === null) return;
    createInterface(this.#child.stdout).on('line', line => {
      this.events.push(JSON.parse(line));
      this.#onEvent();
    });
  }

  /** Resolves when it has said `count` things, and with an error when it ends before. */
  async said(count: number): Promise<void> {
    const enough = new Promise<void>(resolve => {
      this.#onEvent = () => {
        if (this.events.length >= count) resolve();
      };
      this.#onEvent();
    });
    const ended = this.#closed.then(() => {
      if (this.events.length < count) throw new Error(`The writer ended early: ${this.#errors.join('')}`);
    });
    await Promise.race([enough, ended]);
  }

  /** Resolves when it has stopped itself. */
  async stopped(): Promise<void> {
    while (stateOf(this.#child.pid ?? 0) !== 'T') await delay(5);
  }

  signal(name: 'SIGCONT' | 'SIGKILL'): void {
    this.#child.kill(name);
  }

  /** Resolves when it is gone, with all that it said. */
  async ended(): Promise<unknown[]> {
    await this.#closed;
    if (this.#child.exitCode !== 0 && this.#child.signalCode !== 'SIGKILL') {
      throw new Error(`The writer failed: ${this.#errors.join('')}`);
    }
    return this.events;
  }
}

function stateOf(pid: number): string | undefined {
  const path = `/proc/${pid}/stat`;
  if (existsSync(path)) return /\) (\w)/.exec(readFileSync(path, 'utf8'))?.[1];
  return execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).trim()[0];
}

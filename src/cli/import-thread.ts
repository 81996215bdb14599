import { Worker } from 'node:worker_threads';
import type { Config, Secrets } from '../core/config.ts';
import type { Logger } from '../core/log.ts';
import type { ProjectionSettings } from '../core/projection-config.ts';
import type { NamedWiki } from '../lazy/tenants.ts';

export interface ImportThreadOptions {
  config: Config;
  secrets: Secrets;
  projections: ProjectionSettings;
  log: Logger;
  /** Gets the lines that the thread logs. */
  write(line: string): void;
  /** Told of its commits, where there are many wikis with the one that was written to. */
  committed(tenant?: NamedWiki): void;
}

/** What the thread says: a line of its log, or that it has committed. */
export type ImportThreadMessage = { line: string } | { committed: NamedWiki | undefined };

/** Imports in a thread of their own, which is there as long as there are any. */
export interface ImportThread {
  /** There is an import to work on. Returns at once. */
  wake(): void;
  /** Resolves when what was under way has stopped at a checkpoint. */
  stop(): Promise<void>;
}

const SCRIPT = new URL('./import.worker.ts', import.meta.url);

/** A thread that failed is started again by the next {@link ImportThread.wake}, and goes on from the checkpoints. */
export function createImportThread(options: ImportThreadOptions): ImportThread {
  const { config, secrets, projections, log, write, committed } = options;
  let thread: { worker: Worker; ended: Promise<void> } | undefined;
  let isStopping = false;

  function start(): NonNullable<typeof thread> {
    const worker = new Worker(SCRIPT, { workerData: { config, secrets, projections }, env: process.env });
    const ended = new Promise<void>(resolve => {
      worker.once('exit', () => {
        thread = undefined;
        resolve();
      });
    });
    worker.on('message', (message: ImportThreadMessage) => {
      if ('line' in message) write(message.line);
      else committed(message.committed);
    });
    worker.on('error', error => log.failure('import_thread_failed', error));
    return { worker, ended };
  }

  return {
    wake() {
      if (isStopping) return;
      if (thread === undefined) thread = start();
      else thread.worker.postMessage('wake');
    },
    async stop() {
      isStopping = true;
      thread?.worker.postMessage('stop');
      await thread?.ended;
    },
  };
}

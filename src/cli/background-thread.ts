import { Worker } from 'node:worker_threads';
import type { Config, Secrets } from '../core/config.ts';
import type { Logger } from '../core/log.ts';
import type { ProjectionSettings } from '../core/projection-config.ts';
import type { Runtime } from '../core/runtime.ts';
import type { NamedWiki } from '../lazy/tenants.ts';

export interface BackgroundThreadOptions {
  config: Config;
  secrets: Secrets;
  projections: ProjectionSettings;
  runtime: Pick<Runtime, 'sleep'>;
  log: Logger;
  /** Gets the lines that the thread logs. */
  write(line: string): void;
  /** Default: the thread of this program. */
  script?: URL;
  /** How long wakes are gathered into one message. Default 100. */
  gatherMs?: number;
  /** How long after its end a thread that failed is started again; doubled at each failure in a row, up to 64 times. Default 1,000. */
  restartMs?: number;
}

/** What the thread says: a line of its log, or that it runs. */
export type ThreadMessage = { line: string } | 'ready';
/** What the thread is told: `wake` with the wikis that were written to, where there are many. */
export type ThreadCommand = 'wake' | { wake: readonly NamedWiki[] } | 'stop';

/** The work that goes on beside the answers. */
export interface BackgroundThread {
  /** To be called after commits, whoever made them, where there are many wikis with the one that was written to. Returns at once. */
  wake(tenant?: NamedWiki): void;
  /** Resolves when what was under way has ended. */
  stop(): Promise<void>;
}

const SCRIPT = new URL('./background.worker.ts', import.meta.url);

/**
 * `Background` in a thread of its own, so that indexing and merging take no time from the answers (they were 45 % of
 * the processor's time under load). It reaches the wiki through the store, as any other process would.
 */
export function startBackgroundThread(options: BackgroundThreadOptions): BackgroundThread {
  const {
    config,
    secrets,
    projections,
    runtime,
    log,
    script = SCRIPT,
    gatherMs = 100,
    restartMs = 1_000,
  } = options;
  let failures = 0;
  let isStopping = false;
  let isGathering = false;
  const written = new Map<string, NamedWiki>();
  let thread = start();

  function start(): Worker {
    const worker = new Worker(script, { workerData: { config, secrets, projections }, env: process.env });
    worker.on('message', (message: ThreadMessage) => {
      if (message === 'ready') failures = 0;
      else options.write(message.line);
    });
    worker.on('error', error => log.failure('background_failed', error));
    worker.once('exit', () => void restart());
    return worker;
  }

  async function restart(): Promise<void> {
    const pauseMs = restartMs * 2 ** Math.min(failures, 6);
    failures += 1;
    if (!isStopping) await runtime.sleep(pauseMs);
    if (!isStopping) thread = start();
  }

  const tell = (command: ThreadCommand) => thread.postMessage(command);

  async function gather(): Promise<void> {
    isGathering = true;
    await runtime.sleep(gatherMs);
    isGathering = false;
    const tenants = [...written.values()];
    written.clear();
    tell(tenants.length === 0 ? 'wake' : { wake: tenants });
  }

  return {
    wake(tenant) {
      if (tenant) written.set(tenant.uuid, tenant);
      if (!isGathering && !isStopping) void gather();
    },
    async stop() {
      isStopping = true;
      if (thread.threadId === -1) return;
      const ended = new Promise(resolve => thread.once('exit', resolve));
      tell('stop');
      await ended;
    },
  };
}

import type { Runtime } from '../core/runtime.ts';
import type { NewestView } from './catch-up.ts';
import { type Ran, runAll } from './run-all.ts';
import type { RunnableProjection } from './runnable.ts';

export interface RunnerOptions {
  /** Asked before each run. */
  projections(): Promise<readonly RunnableProjection[]>;
  newest: NewestView;
  runtime: Pick<Runtime, 'now' | 'sleep'>;
  /**
   * How long commits are gathered before a run, so that a burst of them is taken in at once and beside the answers that are
   * awaited. Default 200.
   */
  gatherMs?: number;
  /** How long the projections may work before each has had its turn again. Default 60,000. */
  roundMs?: number;
  /** Told of every failure; the next run tries again. */
  onError?(projection: string, error: unknown): void;
}

export interface RunnerStatus {
  name: string;
  runs: number;
  failures: number;
}

/** Brings projections to the head after commits of this process. */
export interface Runner {
  /** To be called after a commit. Returns at once and never throws; calls that come before the run share it. */
  wake(): void;
  /** Resolves when nothing is left to do. */
  settled(): Promise<void>;
  /** Begins no other run; resolves when the one that is under way has ended. */
  stop(): Promise<void>;
  status(): RunnerStatus[];
}

export function createRunner(options: RunnerOptions): Runner {
  const { newest, runtime, gatherMs = 200, roundMs = 60_000 } = options;
  const counts = new Map<string, RunnerStatus>();
  let isWoken = false;
  let isStopped = false;
  let running: Promise<void> | undefined;

  function report(name: string, error: unknown): void {
    try {
      options.onError?.(name, error);
    } catch {
      // A failing listener must not keep the other projections from running.
    }
  }

  function count(ran: Ran): void {
    const { name, outcome } = ran;
    const { runs, failures } = counts.get(name) ?? { runs: 0, failures: 0 };
    counts.set(name, { name, runs: runs + 1, failures: failures + Number(outcome === 'failed') });
    if (ran.outcome === 'failed') report(name, ran.error);
    if (ran.outcome === 'late') isWoken = true;
  }

  async function round(): Promise<void> {
    try {
      const run = { newest, deadlineMs: runtime.now() + roundMs, publishes: false };
      for (const ran of await runAll(await options.projections(), run, runtime)) count(ran);
    } catch (error) {
      report('all', error);
    }
  }

  async function run(): Promise<void> {
    while (isWoken && !isStopped) {
      await runtime.sleep(gatherMs);
      isWoken = false;
      await round();
    }
    running = undefined;
  }

  return {
    wake: () => {
      isWoken = true;
      if (!isStopped) running ??= run();
    },
    settled: async () => running,
    stop: async () => {
      isStopped = true;
      await running;
    },
    status: () => [...counts.values()],
  };
}

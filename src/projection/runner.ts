import type { Runtime } from '../core/runtime.ts';
import type { View } from '../git/repository.ts';
import { catchUp } from './catch-up.ts';
import type { Projection } from './projection.ts';

/** A projection that is opened by the first run. */
export interface ProjectionSource {
  readonly name: string;
  open(): Projection | Promise<Projection>;
}

export interface RunnerOptions {
  projections: readonly ProjectionSource[];
  /** A view of the newest commit. */
  view(): Promise<View>;
  runtime: Pick<Runtime, 'sleep'>;
  /**
   * How long commits are gathered before a run, so that a burst of them is taken in at once and beside the answers that are
   * awaited. Default 200.
   */
  gatherMs?: number;
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
  status(): RunnerStatus[];
}

export function createRunner(options: RunnerOptions): Runner {
  const { projections, runtime, gatherMs = 200 } = options;
  const counts = projections.map(({ name }) => ({ name, runs: 0, failures: 0 }));
  let isWoken = false;
  let running: Promise<void> | undefined;

  async function runOne(source: ProjectionSource, count: RunnerStatus): Promise<void> {
    count.runs += 1;
    try {
      await catchUp(await source.open(), await options.view(), { newest: options.view });
    } catch (error) {
      count.failures += 1;
      report(source.name, error);
    }
  }

  function report(name: string, error: unknown): void {
    try {
      options.onError?.(name, error);
    } catch {
      // A failing listener must not keep the other projections from running.
    }
  }

  async function run(): Promise<void> {
    while (isWoken) {
      await runtime.sleep(gatherMs);
      isWoken = false;
      for (const [index, source] of projections.entries()) {
        const count = counts[index];
        if (count) await runOne(source, count);
      }
    }
    running = undefined;
  }

  return {
    wake: () => {
      isWoken = true;
      running ??= run();
    },
    settled: async () => running,
    status: () => counts.map(count => ({ ...count })),
  };
}

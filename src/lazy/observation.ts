import type { Config } from '../core/config.ts';
import type { Logger } from '../core/log.ts';
import { type Runtime, randomId } from '../core/runtime.ts';
import type { EnsureCounts } from '../db/ensure.ts';
import type { AppOptions } from '../http/app.ts';
import type { FunctionHost } from './function-host.ts';
import type { Tell } from './invocation.ts';
import { EmbeddedMetrics } from './metrics.ts';
import { Spans } from './spans.ts';
import { StorageCounter } from './storage-use.ts';
import { Timings } from './timings.ts';

export interface ObservationOptions {
  config: Pick<Config, 'metrics' | 'tracing' | 'store' | 'wiki'>;
  runtime: Runtime;
  log: Logger;
  /** The function that the service runs in. Absent: it is a server. */
  host?: FunctionHost;
}

/** What is measured of a service: for the log, for metrics, for traces. */
export interface Observation {
  readonly recorder: Timings;
  readonly storage: StorageCounter;
  readonly schemaChecks: EnsureCounts;
  /** For the requests of HTTP. */
  readonly meters: Pick<AppOptions, 'meter' | 'storage' | 'metrics'>;
  /** See `Service.observe`. */
  observe<T>(event: string, work: (tell: Tell) => Promise<T>): Promise<T>;
  /** The answer, when its traces are on their way. */
  traced<T>(answer: Promise<T>): Promise<T>;
}

/** Begins to observe, as far as the settings want it. */
export function createObservation(options: ObservationOptions): Observation {
  const { config, runtime, log, host } = options;
  const spans = config.tracing && host ? new Spans(host, runtime) : undefined;
  const recorder = new Timings(spans && ((name, durationMs) => spans.addInitialisation(name, durationMs)));
  const storage = new StorageCounter(spans && (call => spans.addCall(call)));
  const schemaChecks: EnsureCounts = { hits: 0, misses: 0, failures: 0 };
  const source = { Wiki: config.wiki, Function: host?.name ?? 'api' } as const;
  const initMs = () => host?.initMs;
  const now = () => runtime.now();
  const metrics =
    config.metrics === 'emf'
      ? new EmbeddedMetrics({ source, initMs, meter: recorder, schemaChecks, now })
      : undefined;
  const isCounted = config.store.kind !== 'file' || metrics !== undefined;
  const traced = <T>(answer: Promise<T>) => (spans ? answer.finally(() => spans.flush()) : answer);
  return {
    recorder,
    storage,
    schemaChecks,
    meters: { meter: recorder, storage: isCounted ? storage : undefined, metrics },
    observe: (event, work) => {
      const id = host?.requestId ?? randomId(runtime);
      const observed = import('./invocation.ts').then(({ observeInvocation }) =>
        observeInvocation({ id, event, log, storage, metrics }, work),
      );
      return traced(observed);
    },
    traced,
  };
}

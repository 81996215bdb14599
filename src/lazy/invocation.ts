import type { LogFields, Logger } from '../core/log.ts';
import type { MetricValues } from '../core/metrics.ts';
import { monotonicMs } from '../core/runtime.ts';
import type { RequestMetrics, StorageMeter, StorageUse } from '../http/services.ts';

/** Adds fields to the line of an invocation, and metrics where the settings want them; `isFailure` also where nothing is thrown. */
export type Tell = (
  fields: LogFields,
  outcome?: { isFailure: boolean; more?: MetricValues | undefined },
) => void;

export interface InvocationOptions {
  id: string;
  /** Names the line. */
  event: string;
  log: Logger;
  storage: StorageMeter;
  metrics: RequestMetrics | undefined;
}

/** Runs an invocation that is no request of HTTP, and writes the one line that tells of it when it is over. */
export function observeInvocation<T>(
  options: InvocationOptions,
  work: (tell: Tell) => Promise<T>,
): Promise<T> {
  const { id, storage } = options;
  const startedMs = monotonicMs();
  return storage.measure(
    () => id,
    async used => {
      const told = { fields: {} as LogFields, isFailure: false, more: undefined as MetricValues | undefined };
      try {
        return await work((fields, outcome) => {
          told.fields = { ...told.fields, ...fields };
          told.isFailure ||= outcome?.isFailure === true;
          told.more = outcome?.more ?? told.more;
        });
      } catch (error) {
        told.isFailure = true;
        throw error;
      } finally {
        write(options, { ...told, durationMs: monotonicMs() - startedMs, use: used() });
      }
    },
  );
}

interface Outcome {
  fields: LogFields;
  isFailure: boolean;
  more: MetricValues | undefined;
  durationMs: number;
  use: StorageUse;
}

function write({ id, event, log, metrics }: InvocationOptions, outcome: Outcome): void {
  const { fields, durationMs } = outcome;
  const line = { request: id, ...fields, ms: Math.round(durationMs) };
  if (metrics === undefined) log.info(event, line);
  else log.always('info', event, { ...line, ...metrics.fields({ ...outcome, isUnknown: false }) });
}

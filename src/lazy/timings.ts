import { monotonicMs } from '../core/runtime.ts';
import type { Measurement, Meter } from '../http/services.ts';
import type { LazyRecorder } from './lazy.ts';

/**
 * Keeps the times of the initialisations of one process, for `Server-Timing` and the log. There are a dozen at most. Marks
 * count them.
 */
export class Timings implements LazyRecorder, Meter {
  readonly #measurements: Measurement[] = [];
  readonly #onRecord: ((name: string, durationMs: number) => void) | undefined;

  /** @param onRecord is told of each initialisation when it is over */
  constructor(onRecord?: (name: string, durationMs: number) => void) {
    this.#onRecord = onRecord;
  }

  now(): number {
    return monotonicMs();
  }

  record(name: string, durationMs: number): void {
    this.#measurements.push({ name: `init-${name}`, durationMs });
    this.#onRecord?.(name, durationMs);
  }

  mark(): number {
    return this.#measurements.length;
  }

  since(mark: number): readonly Measurement[] {
    return mark === this.#measurements.length ? NONE : this.#measurements.slice(mark);
  }
}

const NONE: readonly Measurement[] = [];

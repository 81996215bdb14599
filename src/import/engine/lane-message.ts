import type { Present } from './batch.ts';
import type { BuiltBatch } from './batch-builder.ts';
import type { FileId, LaneResult, LaneSetup, LaneTask } from './lane.ts';

/** What a lane's thread begins with. */
export interface LaneThreadData {
  setup: LaneSetup;
  /** Whether it is to ask where files stand. */
  looksUp: boolean;
}

export type ToLane =
  | { kind: 'take'; task: LaneTask }
  | { kind: 'finish' }
  /** The answer to `look up`. */
  | { kind: 'present'; present: Present[] }
  | { kind: 'stop' };

export type FromLane =
  | { kind: 'taken'; built: BuiltBatch[] }
  | { kind: 'finished'; result: LaneResult }
  | { kind: 'look up'; files: readonly FileId[] }
  | { kind: 'failed'; error: PlainError };

/** An error as it passes between threads. */
export interface PlainError {
  /** Undefined: it is none of ours. */
  code: string | undefined;
  message: string;
  data: Readonly<Record<string, unknown>>;
  stack: string | undefined;
}

/** The buffers of batches, to be handed over instead of being copied. */
export function buffersOf(batches: readonly BuiltBatch[]): ArrayBuffer[] {
  const buffers = batches.flatMap(({ pack, run }) => [...(pack ? [...pack.pack, pack.index] : []), run]);
  return [...new Set(buffers.map(buffer => buffer.buffer as ArrayBuffer))];
}

import { Lru } from '../../core/lru.ts';
import type { ReadRange } from './joined-reads.ts';

/** So many reads, each near the one before, are taken for the beginning of more. */
const STREAK = 8;
/** How far apart those are: objects of one folder may be asked for in another order than they lie in. */
const NEAR_BYTES = 128 << 10;
/** What is read at once for those that go through a file. */
const WINDOW_BYTES = 1 << 20;
/** Files whose windows are kept. */
const MAX_FILES = 4;

interface State {
  /** Where the last read ended. */
  endedAt: number;
  streak: number;
  window: { start: number; end: number; bytes: Promise<Buffer> } | undefined;
}

/**
 * Reads of files by range for those who go through them object by object, as imports, the search index and `doctor` do: once
 * that shows, a megabyte is read at a time. Files never change.
 */
export class SequentialReads {
  readonly #read: ReadRange;
  readonly #files = new Lru<string, State>(MAX_FILES);

  constructor(read: ReadRange) {
    this.#read = read;
  }

  read(file: string, start: number, end: number): Promise<Buffer> {
    const state = this.#files.get(file) ?? {
      endedAt: Number.POSITIVE_INFINITY,
      streak: 0,
      window: undefined,
    };
    const isNear = Math.abs(start - state.endedAt) <= NEAR_BYTES;
    state.streak = isNear ? state.streak + 1 : 0;
    state.endedAt = end;
    this.#files.set(file, state, 1);
    const known = state.window;
    if (known && start >= known.start && end <= known.end) return part(known, start, end);
    if (state.streak < STREAK || end - start > WINDOW_BYTES / 2) return this.#read(file, start, end);
    return part(this.#open(file, state, start), start, end);
  }

  #open(file: string, state: State, start: number): NonNullable<State['window']> {
    const from = Math.max(0, start - NEAR_BYTES);
    const end = from + WINDOW_BYTES;
    const window = { start: from, end, bytes: this.#read(file, from, end) };
    state.window = window;
    window.bytes.catch(() => {
      if (state.window === window) state.window = undefined;
    });
    return window;
  }
}

async function part(window: NonNullable<State['window']>, start: number, end: number): Promise<Buffer> {
  return (await window.bytes).subarray(start - window.start, end - window.start);
}

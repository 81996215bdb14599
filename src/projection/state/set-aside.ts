import { isKittiwakeError } from '../../core/errors.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { SetAside } from '../runnable.ts';
import type { ProjectionState } from './projection-state.ts';

/** Things that one projection keeps to try again: about 400 kB. */
export const MAX_SET_ASIDE = 1_000;

const MAX_MESSAGE = 300;
const FIRST_PAUSE_MS = 60_000;
const MAX_PAUSE_MS = 3_600_000;

/** What a run came to with one thing that it tried to take in. */
export interface Failure {
  /** Path of a file, or id of an event. */
  item: string;
  error: unknown;
}

/** How a run ended with single things. */
export interface Outcomes {
  failed: readonly Failure[];
  /** Those that were taken in, or of which nothing is left to take in. */
  done: Iterable<string>;
}

/**
 * How long to wait after so many attempts: a minute, then twice as long each time, up to an hour; a quarter more or less, so that
 * what failed together does not come back together.
 */
export function retryPauseMs(attempts: number, { random }: Pick<Runtime, 'random'>): number {
  const pauseMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 10));
  return Math.round(pauseMs * (0.75 + random() / 2));
}

/**
 * The state with what failed set aside, and without what was done. Where there are too many, the oldest go and are counted: they
 * come back when their page changes, or with a rebuild.
 */
export function withOutcomes<E>(
  state: ProjectionState<E>,
  { failed, done }: Outcomes,
  runtime: Pick<Runtime, 'now' | 'random'>,
): ProjectionState<E> {
  const kept = new Map(state.setAside.map(each => [each.item, each]));
  for (const item of done) kept.delete(item);
  for (const { item, error } of failed) kept.set(item, setAside(kept.get(item), item, error, runtime));
  const all = [...kept.values()];
  const surplus = Math.max(0, all.length - MAX_SET_ASIDE);
  return { ...state, setAside: all.slice(surplus), dropped: state.dropped + surplus };
}

/** Those that are to be tried again, the most urgent first. */
export function dueItems({ setAside }: ProjectionState<unknown>, nowMs: number): SetAside[] {
  return setAside.filter(({ dueMs }) => dueMs <= nowMs).sort((a, b) => a.dueMs - b.dueMs);
}

function setAside(
  before: SetAside | undefined,
  item: string,
  error: unknown,
  runtime: Pick<Runtime, 'now' | 'random'>,
): SetAside {
  const nowMs = runtime.now();
  const attempts = (before?.attempts ?? 0) + 1;
  const message = error instanceof Error ? error.message : String(error);
  return {
    item,
    code: isKittiwakeError(error) ? error.code : 'internal_error',
    message: message.slice(0, MAX_MESSAGE),
    sinceMs: before?.sinceMs ?? nowMs,
    dueMs: nowMs + retryPauseMs(attempts, runtime),
    attempts,
  };
}

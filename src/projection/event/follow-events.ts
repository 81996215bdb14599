import type { Runtime } from '../../core/runtime.ts';
import type { View } from '../../git/repository.ts';
import { projectionLate, projectionUnsettled } from '../errors.ts';
import type { Counts, ProjectionRun } from '../runnable.ts';
import type { ProjectionState } from '../state/projection-state.ts';
import { dueItems, type Failure, type Outcomes, withOutcomes } from '../state/set-aside.ts';
import type { StateDocument } from '../state/state-document.ts';
import {
  type EventBatch,
  type EventPosition,
  type EventReader,
  positionAtHead,
  startAnew,
} from './event-reader.ts';
import { findEvent } from './find-event.ts';
import type { WikiEvent } from './wiki-event.ts';

export interface FollowOptions<E> {
  /** Of the projection. */
  name: string;
  state: StateDocument<E>;
  events: EventReader;
  runtime: Runtime;
  /**
   * Takes in events, oldest first; also some that it was given before, by this process or another one. What it has made of them
   * must be there when it resolves.
   * @param view of the newest commit, or a little older
   * @returns those that it could not take in; they are tried again later, one by one
   * @throws whatever keeps all of them from being taken in: the next run begins with the same ones
   */
  take(events: readonly WikiEvent[], view: View): Promise<readonly Failure[]>;
  /** Events that are taken in at once. Default 200. */
  maxEvents?: number;
  /** Further behind, the way is not told but as one `history_changed`. In commits, default 1,000. */
  maxCommits?: number;
}

/** Each refusal means that another run has moved the cursor meanwhile. */
const MAX_REFUSALS = 50;
/** Of what was set aside, for one run. */
const MAX_RETRIES = 50;

/**
 * Brings a projection that follows events to the newest commit, batch by batch. One that never ran begins there: what happened before
 * is told to nobody.
 * @throws KittiwakeError `deadline_exceeded`, `projection_unsettled`; what `take` throws
 */
export async function followEvents<E>(options: FollowOptions<E>, run: ProjectionRun): Promise<Counts> {
  const { name, state, runtime, take, maxEvents = 200, maxCommits = 1_000 } = options;
  const retried = await retryDue(options, run);
  let [events, refusals] = [0, 0];
  while (refusals < MAX_REFUSALS) {
    const { cursor, told, toldOf } = await state.read();
    // Asked for after the cursor, which is therefore among its commits, unless the history was taken back or rewritten.
    const view = await run.newest();
    if (cursor === null) {
      if (await moveOn(options, undefined, positionAtHead(view))) break;
      refusals += 1;
      continue;
    }
    if (cursor.head === (view.head ?? null) && told === 0) break;
    const from = { after: cursor, told, of: toldOf };
    const batch = await nextBatch(options.events, view, from, { limit: maxEvents, maxCommits });
    const failed = await take(batch.events, view);
    if (await moveOn(options, from, batch.position, failed)) events += batch.events.length;
    else refusals += 1;
    if (batch.more && runtime.now() >= run.deadlineMs) throw projectionLate(name);
  }
  if (refusals === MAX_REFUSALS) throw projectionUnsettled(name, MAX_REFUSALS);
  return { events, retried };
}

/** @returns false when another run has moved it meanwhile */
function moveOn<E>(
  { state, runtime }: FollowOptions<E>,
  from: EventPosition | undefined,
  to: EventPosition,
  failed: readonly Failure[] = [],
): Promise<boolean> {
  return state.change(current => {
    if (!isAt(current, from)) return { result: false };
    const kept = withOutcomes(current, { failed, done: [] }, runtime);
    return { state: { ...kept, cursor: to.after, told: to.told, toldOf: to.of }, result: true };
  });
}

/** Goes to the newest commit without taking anything in, and forgets what was set aside. */
export async function skipToHead<E>(state: StateDocument<E>, { newest }: ProjectionRun): Promise<Counts> {
  const { after } = positionAtHead(await newest());
  const skipped = await state.change(current => {
    const next = { ...current, cursor: after, told: 0, setAside: [], dropped: 0 };
    return { state: next, result: current.setAside.length };
  });
  return { skipped };
}

async function nextBatch(
  reader: EventReader,
  view: View,
  from: EventPosition,
  { limit, maxCommits }: { limit: number; maxCommits: number },
): Promise<EventBatch> {
  const isFar = view.ordinal - from.after.ordinal > maxCommits;
  return (isFar ? undefined : await reader.after(view, from, { limit })) ?? (await startAnew(view));
}

async function retryDue<E>(options: FollowOptions<E>, run: ProjectionRun): Promise<number> {
  const { state, events, runtime, take } = options;
  const due = dueItems(await state.read(), runtime.now()).slice(0, MAX_RETRIES);
  if (due.length === 0) return 0;
  const view = await run.newest();
  const outcomes: Outcomes & { failed: Failure[]; done: string[] } = { failed: [], done: [] };
  for (const { item } of due) {
    if (runtime.now() >= run.deadlineMs) break;
    const event = await findEvent(events, view, item);
    const failed = event === undefined ? [] : await tryAgain(event);
    if (failed.length > 0) outcomes.failed.push(...failed);
    else outcomes.done.push(item);
  }
  return await state.change(current => ({
    state: withOutcomes(current, outcomes, runtime),
    result: outcomes.done.length + outcomes.failed.length,
  }));

  /** Whatever it throws is about this one alone. */
  async function tryAgain(event: WikiEvent): Promise<readonly Failure[]> {
    try {
      return await take([event], view);
    } catch (error) {
      return [{ item: event.id, error }];
    }
  }
}

function isAt({ cursor, told }: ProjectionState<unknown>, from: EventPosition | undefined): boolean {
  if (cursor === null || from === undefined) return cursor === null && from === undefined;
  return cursor.head === from.after.head && told === from.told;
}

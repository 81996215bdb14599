import type { Runtime } from '../../core/runtime.ts';
import type { EventReader } from '../event/event-reader.ts';
import { followEvents, skipToHead } from '../event/follow-events.ts';
import type { WikiEvent } from '../event/wiki-event.ts';
import type { Condition, Counts, ProjectionRun, RunnableProjection } from '../runnable.ts';
import { conditionOf } from '../state/projection-state.ts';
import type { StateDocument } from '../state/state-document.ts';
import { within } from '../within.ts';

/** How long a listener may take over one batch. */
const TIMEOUT_MS = 30_000;

/** Events of one batch. */
const MAX_EVENTS = 100;

/** Somebody who is told of events in this process. */
export interface Listener {
  readonly name: string;
  /** Oldest first; each at least once. Fails by throwing, and by taking too long. */
  after(events: readonly WikiEvent[]): Promise<void>;
}

export interface AfterOptions {
  listeners(): Promise<readonly Listener[]>;
  /** Each listener follows the events at its own pace: what one fails with concerns no other. */
  stateOf(listener: string): StateDocument<null>;
  events: EventReader;
  runtime: Runtime;
  /** Of one batch, in milliseconds. Default 30,000. */
  timeoutMs?: number;
}

/**
 * Tells listeners of events, in batches. A batch that a listener fails with is set aside, and its events are told one by one later,
 * again and again. Rebuilt, it tells nothing again.
 */
export function createAfterProjection(options: AfterOptions): RunnableProjection {
  const { listeners, stateOf } = options;
  return {
    name: 'plugins',
    condition: async () =>
      joined(await Promise.all((await listeners()).map(each => conditionFor(options, each)))),
    run: async run => {
      const counts = { listeners: 0, events: 0, retried: 0 };
      const failures: unknown[] = [];
      for (const listener of await listeners()) {
        counts.listeners += 1;
        const [ran] = await Promise.allSettled([follow(options, listener, run)]);
        if (ran.status === 'rejected') failures.push(ran.reason);
        else {
          counts.events += Number(ran.value.events);
          counts.retried += Number(ran.value.retried);
        }
      }
      if (failures.length > 0) throw failures[0];
      return counts;
    },
    async rebuild(run) {
      const skipped = await Promise.all(
        (await listeners()).map(({ name }) => skipToHead(stateOf(name), run)),
      );
      return { skipped: skipped.reduce((sum, { skipped: count }) => sum + Number(count), 0) };
    },
  };
}

function follow(options: AfterOptions, listener: Listener, run: ProjectionRun): Promise<Counts> {
  const { stateOf, events, runtime, timeoutMs = TIMEOUT_MS } = options;
  return followEvents(
    {
      name: 'plugins',
      state: stateOf(listener.name),
      events,
      runtime,
      maxEvents: MAX_EVENTS,
      async take(told) {
        if (told.length === 0) return [];
        try {
          await within(
            timeoutMs,
            () => listener.after(told),
            `Telling the plugin "${listener.name}" of events`,
          );
          return [];
        } catch (error) {
          return told.map(({ id }) => ({ item: id, error }));
        }
      },
    },
    run,
  );
}

async function conditionFor({ stateOf }: AfterOptions, { name }: Listener): Promise<Condition> {
  const { setAside, ...condition } = conditionOf(await stateOf(name).read());
  return { ...condition, setAside: setAside.map(each => ({ ...each, item: `${name}/${each.item}` })) };
}

/** All of them at once: where the last of them is. */
function joined(conditions: readonly Condition[]): Condition {
  const cursors = conditions.map(({ cursor }) => cursor);
  const last = cursors.reduce((a, b) => (a && b && a.ordinal <= b.ordinal ? a : b), cursors[0]);
  return {
    cursor: cursors.includes(undefined) ? undefined : last,
    setAside: conditions.flatMap(({ setAside }) => setAside),
    dropped: conditions.reduce((sum, { dropped }) => sum + dropped, 0),
    isOff: conditions.length === 0,
  };
}

import { sha256 } from '../../core/bytes.ts';
import { isKittiwakeError } from '../../core/errors.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { type DocumentChange, documentFormat, documentIntent, newDocument } from '../../swap/document.ts';
import { createSwap } from '../../swap/swapper.ts';
import { importsFull, importsTooOften, jobUnreadable } from './errors.ts';

const HOUR_MS = 3_600_000;

/** Jobs of one wiki that have not ended. */
export const MAX_OPEN_JOBS = 100;

/** What a wiki remembers of its jobs: the document `job-files/<wiki uuid>/index`. */
export interface JobIndex {
  /** Of the last hour: when, and a hash of who. */
  starts: readonly { ms: number; who: string }[];
  /** Ids of jobs that may not have ended, oldest first. Each stands here before its document does. */
  open: readonly string[];
}

export interface StartLimits {
  /** Starts within an hour; 0: any. A caller has half of the wiki's. */
  startsPerHour: number;
}

export interface OpenIndex {
  read(): Promise<JobIndex>;
  /**
   * Enters a job that is about to be made.
   * @param ended ids that need not stand there any more
   * @throws KittiwakeError `rate_limited`, `imports_full`
   */
  enter(id: string, who: string, ended: ReadonlySet<string>, limits: StartLimits): Promise<void>;
  drop(ids: ReadonlySet<string>): Promise<void>;
}

const FORMAT = documentFormat('imports 1', parseIndex);

/** @param key where it lies */
export function openJobIndex(store: ByteStore, key: string, runtime: Runtime): OpenIndex {
  const open = () => createSwap({ store, key, format: FORMAT, runtime });

  async function change(decide: (index: JobIndex) => JobIndex): Promise<void> {
    for (;;) {
      const swap = open();
      try {
        await swap.submit(documentIntent<JobIndex, null>(runtime, index => changed(index, decide(index))));
        return;
      } catch (error) {
        if (!isKittiwakeError(error, 'object_absent')) throw error;
      }
      try {
        await swap.create(newDocument(runtime, decide({ starts: [], open: [] })));
        return;
      } catch (error) {
        if (!isKittiwakeError(error, 'object_exists')) throw error;
      }
    }
  }

  return {
    read: async () => (await open().read())?.value.body ?? { starts: [], open: [] },
    enter: (id, caller, ended, limits) =>
      change(index => {
        if (index.open.includes(id)) return index;
        const still = index.open.filter(each => !ended.has(each));
        if (still.length >= MAX_OPEN_JOBS) throw importsFull(MAX_OPEN_JOBS);
        return { starts: started(index, hashOf(caller), limits, runtime.now()), open: [...still, id] };
      }),
    drop: ids =>
      change(index => {
        const still = index.open.filter(id => !ids.has(id));
        return still.length === index.open.length ? index : { ...index, open: still };
      }),
  };
}

function changed(before: JobIndex, body: JobIndex): DocumentChange<JobIndex, null> {
  return body === before ? { result: null } : { body, result: null };
}

/** @throws KittiwakeError `rate_limited` */
function started(index: JobIndex, who: string, limits: StartLimits, nowMs: number): JobIndex['starts'] {
  const recent = index.starts.filter(({ ms }) => ms > nowMs - HOUR_MS && ms <= nowMs);
  const { startsPerHour: max } = limits;
  if (max === 0) return recent;
  const own = recent.filter(start => start.who === who);
  const maxOwn = Math.ceil(max / 2);
  if (recent.length >= max) throw importsTooOften(max, (recent.at(-max)?.ms ?? nowMs) + HOUR_MS - nowMs);
  if (own.length >= maxOwn) throw importsTooOften(maxOwn, (own.at(-maxOwn)?.ms ?? nowMs) + HOUR_MS - nowMs);
  return [...recent, { ms: nowMs, who }];
}

/** Who it is is not to be read from it. */
function hashOf(caller: string): string {
  return sha256(caller).toString('hex').slice(0, 16);
}

function parseIndex(body: unknown): JobIndex {
  const { starts, open } = (body ?? {}) as Partial<JobIndex>;
  const isSound =
    Array.isArray(starts) &&
    starts.every(start => Number.isSafeInteger(start?.ms) && typeof start?.who === 'string') &&
    Array.isArray(open) &&
    open.every(id => typeof id === 'string');
  if (!isSound) throw jobUnreadable('its list of starts is unsound');
  return { starts, open } as JobIndex;
}

import { type Runtime, randomId } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import type { Job } from './job.ts';
import { isJobId } from './job-id.ts';
import { isEnded } from './run-steps.ts';

/**
 * Objects `wakes/<wiki uuid>/<job>/<random>` that say: there is something to do. Each is written once, told of by the store, and removed by
 * whoever served it. One too many does no harm, one that is lost is written again by {@link wakeIdle}.
 */
export interface Wake {
  /** Of the wiki. */
  uuid: string;
  /** Of the job. */
  id: string;
}

export interface WakePlace {
  store: ByteStore;
  /** Of the wiki. */
  uuid: string;
  /** What the wiki is called, where there are many: whoever is woken finds it sooner. */
  name?: string | undefined;
  runtime: Runtime;
}

/** So long after a wake it is not asked whether it came through. */
const PATIENCE_MS = 4 * 60_000;

/** The wake that a key stands for; undefined: it stands for none. */
export function wakeOf(key: string): Wake | undefined {
  const [place, uuid = '', id = '', name, ...rest] = key.split('/');
  if (place !== 'wakes' || !name || rest.length > 0 || !/^[0-9a-f]{32}$/.test(uuid)) return undefined;
  return isJobId(id) ? { uuid, id } : undefined;
}

/** Has somebody work on a job. @throws KittiwakeError `storage_failed` and the like; then none was written, or a needless one */
export async function wakeJob({ store, uuid, name = '', runtime }: WakePlace, id: string): Promise<void> {
  const key = `${placeOf(uuid, id)}${randomId(runtime)}`;
  const outcome = await store.put(key, [Buffer.from(`${name}\n`)], { immutable: true });
  if (outcome.kind === 'unknown') throw outcome.cause;
}

/** What the wiki of a wake was called when it was written; empty where that is not known. */
export async function wakenName(store: ByteStore, key: string): Promise<string> {
  const found = await store.get(key);
  return found.kind === 'found' ? found.bytes.toString('utf8').trim() : '';
}

export interface IdleJobs {
  /** Jobs that wait for somebody who works on them. */
  queued: number;
  /** Jobs that are read or committed. */
  running: number;
  /** Since the oldest of both was made; 0: there is none. */
  oldestSeconds: number;
  /** Jobs that were woken by this call. */
  woken: number;
}

/** Wakes jobs that nobody works on, although they can be: their wake was lost, or whoever served it died. */
export async function wakeIdle(place: WakePlace, unfinished: readonly Job[]): Promise<IdleJobs> {
  const { runtime } = place;
  const jobs = unfinished.filter(job => !isEnded(job) && job.state !== 'awaiting_upload');
  const runnable = jobs.filter(({ source }) => source.kind !== 'local');
  let woken = 0;
  for (const job of runnable.filter(each => isIdle(each, runtime.now()))) {
    if (await replaceWakes(place, job.id)) woken += 1;
  }
  const queued = jobs.filter(({ state }) => state === 'queued').length;
  const ages = jobs.map(({ createdMs }) => Math.round((runtime.now() - createdMs) / 1000));
  return { queued, running: jobs.length - queued, oldestSeconds: Math.max(0, ...ages), woken };
}

/** Nobody holds a lease, or those who did have let it run out. */
function isIdle({ lease, parts }: Job, nowMs: number): boolean {
  const leases = [lease, ...parts.map(part => part.lease)];
  return leases.every(each => each === undefined || each.untilMs <= nowMs);
}

/** Writes another wake unless there is a recent one, and removes those before it: a job that always fails gathers none. */
async function replaceWakes(place: WakePlace, id: string): Promise<boolean> {
  const { store, uuid, runtime } = place;
  const { objects } = await store.list(placeOf(uuid, id));
  if (objects.some(({ modifiedMs }) => modifiedMs > runtime.now() - PATIENCE_MS)) return false;
  await wakeJob(place, id);
  if (objects.length > 0) await store.delete(objects.map(({ key }) => key));
  return true;
}

function placeOf(uuid: string, id: string): string {
  return `wakes/${uuid}/${id}/`;
}

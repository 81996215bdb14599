import { isKittiwakeError } from '../../core/errors.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { type Document, type DocumentChange, documentIntent, newDocument } from '../../swap/document.ts';
import type { Swap } from '../../swap/swap.ts';
import { createSwap } from '../../swap/swapper.ts';
import { importNotFound, importUnfinished } from './errors.ts';
import type { Job } from './job.ts';
import { JOB_FORMAT } from './job-format.ts';
import { isJobId, jobTimeMs, newJobId } from './job-id.ts';
import { openJobIndex, type StartLimits } from './job-index.ts';
import { jobIndexKey, jobsPrefix } from './job-place.ts';
import { type JobRequest, settleRequest } from './job-requests.ts';
import { jobPrefix } from './run-files.ts';
import { ended, isEnded } from './run-steps.ts';

export interface JobsOptions {
  store: ByteStore;
  /** Of the wiki. */
  uuid: string;
  runtime: Runtime;
  /** Default: as many starts as are wanted. */
  limits?: StartLimits;
}

/** What a job begins with. */
export type NewJob = Omit<Job, 'id' | 'createdMs' | 'parts' | 'commits'>;

export interface JobPage {
  /** Newest first. */
  jobs: Job[];
  /** Set where more may follow. */
  next?: string;
}

/** The imports of one wiki. */
export interface Jobs {
  /**
   * Makes a job, once for a request.
   * @param make gets the id of the job to be
   * @throws KittiwakeError `rate_limited`, `imports_full`, `idempotency_mismatch`
   */
  create(make: (id: string) => NewJob, request?: JobRequest): Promise<{ job: Job; isNew: boolean }>;
  /** @throws KittiwakeError `import_not_found` */
  read(id: string): Promise<Job>;
  /** @param after `next` of the page before. At most `limit` (100) jobs are read. */
  list(options?: { after?: string | undefined; limit?: number }): Promise<JobPage>;
  /** Those that have not ended, oldest first, without looking at the others. */
  unfinished(): Promise<Job[]>;
  /**
   * Changes a job. `change` decides from the job alone, runs again on every attempt, and throws to refuse.
   * @throws KittiwakeError `import_not_found`; those of {@link Swap.submit}
   */
  change<R extends NonNullable<unknown> | null>(
    id: string,
    change: (job: Job) => DocumentChange<Job, R>,
  ): Promise<R>;
  /** What nobody works on ends at once, the rest when whoever works on it learns of it. What has ended stays as it is. */
  cancel(id: string): Promise<Job>;
  /** Removes a job that has ended, with its files. @throws KittiwakeError `import_not_found`, `import_unfinished` */
  remove(id: string): Promise<Job>;
}

const READS_AT_ONCE = 16;
const MAX_LISTED = 100;

/** Who makes a job enters it first: after so long without a document none will come. */
const MAKING_MS = 300_000;

/** Jobs that are held in memory to be changed. */
const MAX_HELD = 32;

export function openJobs({ store, uuid, runtime, limits = { startsPerHour: 0 } }: JobsOptions): Jobs {
  const prefix = jobsPrefix(uuid);
  const index = openJobIndex(store, jobIndexKey(uuid), runtime);
  const held = new Map<string, Swap<Document<Job>>>();

  function swapOf(id: string): Swap<Document<Job>> {
    if (!isJobId(id)) throw importNotFound(id);
    const swap = held.get(id) ?? createSwap({ store, key: prefix + id, format: JOB_FORMAT, runtime });
    held.delete(id);
    held.set(id, swap);
    for (const oldest of held.keys()) if (held.size > MAX_HELD) held.delete(oldest);
    return swap;
  }

  async function find(id: string): Promise<Job | undefined> {
    const found = await store.get(prefix + id);
    return found.kind === 'found' ? JOB_FORMAT.decode(found.bytes).body : undefined;
  }

  async function findAll(ids: readonly string[]): Promise<(Job | undefined)[]> {
    const jobs: (Job | undefined)[] = [];
    for (let start = 0; start < ids.length; start += READS_AT_ONCE)
      jobs.push(...(await Promise.all(ids.slice(start, start + READS_AT_ONCE).map(find))));
    return jobs;
  }

  /** Those of the index, and which of them it needs no more. */
  async function entered() {
    const { open } = await index.read();
    const found = await findAll(open);
    const isOver = (id: string, job: Job | undefined) =>
      job === undefined ? runtime.now() - jobTimeMs(id) > MAKING_MS : isEnded(job);
    const over = new Set(open.filter((id, at) => isOver(id, found[at])));
    return { over, jobs: found.filter(job => job !== undefined && !over.has(job.id)) as Job[] };
  }

  /** An id from an earlier try is old: who found no document just then took it out. */
  async function reenter({ id, principal }: Job): Promise<void> {
    await index.enter(id, principal.id, new Set(), { startsPerHour: 0 });
  }

  async function change<R extends NonNullable<unknown> | null>(
    id: string,
    decide: (job: Job) => DocumentChange<Job, R>,
  ): Promise<R> {
    const swap = swapOf(id);
    try {
      return await swap.submit(documentIntent<Job, R>(runtime, decide));
    } catch (error) {
      if (!isGone(error)) throw error;
      held.delete(id);
      throw importNotFound(id);
    }
  }

  async function read(id: string): Promise<Job> {
    const job = isJobId(id) ? await find(id) : undefined;
    if (job === undefined) throw importNotFound(id);
    return job;
  }

  return {
    read,
    change,
    async create(make, request) {
      const fresh = newJobId(runtime);
      const id = request === undefined ? fresh : await settleRequest(store, uuid, request, fresh);
      const known = id === fresh ? undefined : await find(id);
      if (known !== undefined) return { job: known, isNew: false };
      const { over } = await entered();
      const made = make(id);
      await index.enter(id, made.principal.id, over, limits);
      const job: Job = { ...made, id, createdMs: runtime.now(), parts: [], commits: [] };
      try {
        await swapOf(id).create(newDocument(runtime, job));
        if (id !== fresh) await reenter(job);
        return { job, isNew: true };
      } catch (error) {
        if (!isKittiwakeError(error, 'object_exists')) throw error;
        return { job: await read(id), isNew: false };
      }
    },
    async list({ after, limit = MAX_LISTED } = {}) {
      const from = after === undefined || !isJobId(after) ? {} : { after: prefix + after };
      const { objects, more } = await store.list(prefix, { limit: Math.min(limit, MAX_LISTED), ...from });
      const ids = objects.map(({ key }) => key.slice(prefix.length));
      const jobs = (await findAll(ids)).filter(job => job !== undefined);
      const last = ids.at(-1);
      return more && last !== undefined ? { jobs, next: last } : { jobs };
    },
    unfinished: async () => (await entered()).jobs,
    cancel: id =>
      change(id, job => {
        if (isEnded(job)) return { result: job };
        const isIdle = job.lease === undefined && job.pending === undefined && job.parts.length === 0;
        const body: Job = isIdle
          ? ended({ ...job, cancelRequested: true }, 'cancelled', runtime.now())
          : { ...job, cancelRequested: true };
        return { body, result: body };
      }),
    async remove(id) {
      const job = await read(id);
      if (!isEnded(job)) throw importUnfinished(id, job.state);
      await removeAll(store, jobPrefix(uuid, id));
      await store.delete([prefix + id]);
      held.delete(id);
      return job;
    },
  };
}

/** Removes all objects whose keys begin with the prefix. */
export async function removeAll(store: ByteStore, prefix: string): Promise<void> {
  for (;;) {
    const { objects, more } = await store.list(prefix);
    if (objects.length > 0) await store.delete(objects.map(({ key }) => key));
    if (!more) return;
  }
}

function isGone(error: unknown): boolean {
  return ['object_absent', 'object_lost', 'object_replaced'].some(code => isKittiwakeError(error, code));
}

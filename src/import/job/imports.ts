import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { cursorInvalid } from '../../wiki/errors.ts';
import { importNotFound, importSampleAbsent, importTooLarge } from './errors.ts';
import type { Job, JobOptions, JobPrincipal } from './job.ts';
import { isJobId } from './job-id.ts';
import { type JobProgress, progressOf } from './job-progress.ts';
import type { JobRequest } from './job-requests.ts';
import type { JobPage, Jobs } from './jobs.ts';
import { remoteSource } from './remote-source.ts';
import { jobPrefix } from './run-files.ts';
import { isEnded } from './run-steps.ts';
import { sourceName } from './source-name.ts';
import type { Arriving, Uploads, UploadTarget } from './uploads.ts';

/** What is to be imported, as a caller wants it. */
export interface ImportWish {
  /** Of the file. */
  name: string;
  /** Of the file that will be sent; 0 of a repository. */
  bytes: number;
  /** Of a git repository that is fetched over HTTP. Undefined: a file is sent. */
  url?: string;
  options: JobOptions;
}

/** The imports of a wiki, as one caller may see and start them. */
export interface Imports {
  /**
   * Makes a job that awaits its upload, or that fetches a repository, once for a request.
   * @throws KittiwakeError `import_too_large`, `remote_url_refused`, `forbidden`, `path_invalid`, `quota_pages`, `quota_bytes`, `pipeline_invalid`; those of {@link Jobs.create}
   */
  start(wish: ImportWish, request?: JobRequest): Promise<{ job: Job; isNew: boolean }>;
  progress(job: Job): JobProgress;
  /** Where to send the parts of its source; undefined where it is sent by PUT, or awaits nothing. */
  targets(job: Job): Promise<UploadTarget[] | undefined>;
  /** @throws KittiwakeError `import_not_found`, as all of the following */
  read(id: string): Promise<Job>;
  /**
   * Those that the caller sees: a page may hold fewer than were asked for, though more follow.
   * @throws KittiwakeError `cursor_invalid`
   */
  list(options: { after?: string | undefined; limit?: number }): Promise<JobPage>;
  /** @throws KittiwakeError as {@link Uploads.receive} */
  receive(id: string, arriving: Arriving): Promise<Job>;
  /** @throws KittiwakeError as {@link Uploads.complete} */
  complete(id: string, etags?: ReadonlyMap<number, string>): Promise<Job>;
  cancel(id: string): Promise<Job>;
  /** @throws KittiwakeError `import_unfinished` */
  remove(id: string): Promise<Job>;
  /** All failures, one JSON text in a line. */
  errors(id: string): Promise<AsyncIterable<Uint8Array>>;
  /** What a dry run came to, as JSON. @throws KittiwakeError `import_sample_absent` */
  sample(id: string): Promise<Buffer>;
}

export interface ImportsOptions {
  jobs: Jobs;
  uploads: Uploads;
  store: ByteStore;
  /** Of the wiki. */
  uuid: string;
  /** Whose rights the jobs have. */
  principal: JobPrincipal;
  /** Whether the caller may see what that one has started. */
  sees(principal: JobPrincipal): boolean;
  /** Throws to refuse what would be refused in the end. Returns the head of the wiki. */
  checkStart(wish: ImportWish): Promise<string | undefined>;
  runtime: Pick<Runtime, 'now'>;
  /** Of a source. */
  maxBytes: number;
  /** Of a source; what a job wants at most. */
  maxRows: number;
  /** Called when there is a job to be carried out; again where the caller says again that it is complete. */
  onQueued(id: string): Promise<void>;
}

const CHUNK_BYTES = 1 << 20;

export function importsFor(options: ImportsOptions): Imports {
  const { jobs, uploads, store, uuid, principal, sees, runtime } = options;
  const { checkStart, maxBytes, maxRows, onQueued } = options;

  async function read(id: string): Promise<Job> {
    const job = await jobs.read(id);
    if (!sees(job.principal)) throw importNotFound(id);
    return job;
  }

  async function queued(job: Job): Promise<Job> {
    if (job.state === 'queued') await onQueued(job.id);
    return job;
  }

  return {
    read,
    progress: job => progressOf(job, runtime.now()),
    async start(wish, request) {
      if (wish.bytes > maxBytes) throw importTooLarge(wish.bytes, maxBytes);
      const baseHead = await checkStart(wish);
      const limit = Math.min(wish.options.maxRows ?? maxRows, maxRows);
      const made = await jobs.create(
        id => ({
          ...begunWith(wish, `${jobPrefix(uuid, id)}source`),
          principal,
          options: { ...wish.options, maxRows: limit },
          ...(baseHead === undefined ? {} : { baseHead }),
        }),
        request,
      );
      return { ...made, job: await queued(made.job) };
    },
    targets: async ({ id, state, source }) =>
      state === 'awaiting_upload' && source.kind === 'stored' ? await uploads.targets(id) : undefined,
    async list({ after, limit }) {
      if (after !== undefined && !isJobId(after)) throw cursorInvalid();
      const page = await jobs.list({ after, ...(limit === undefined ? {} : { limit }) });
      return { ...page, jobs: page.jobs.filter(job => sees(job.principal)) };
    },
    async receive(id, arriving) {
      await read(id);
      return await queued(await uploads.receive(id, arriving));
    },
    async complete(id, etags) {
      await read(id);
      return await queued(await uploads.complete(id, etags));
    },
    async cancel(id) {
      await read(id);
      const job = await jobs.cancel(id);
      if (isEnded(job)) await uploads.discard(job);
      return job;
    },
    async remove(id) {
      await read(id);
      return await jobs.remove(id);
    },
    async errors(id) {
      const { errorFiles = [] } = await read(id);
      return contentsOf(store, errorFiles);
    },
    async sample(id) {
      await read(id);
      const found = await store.get(`${jobPrefix(uuid, id)}sample.json`);
      if (found.kind !== 'found') throw importSampleAbsent(id);
      return found.bytes;
    },
  };
}

function begunWith({ url, name, bytes }: ImportWish, key: string): Pick<Job, 'state' | 'source'> {
  if (url !== undefined) return { state: 'queued', source: remoteSource(url) };
  return { state: 'awaiting_upload', source: { kind: 'stored', key, name: sourceName(name), bytes } };
}

/** Objects one after another, never one of them as a whole. */
async function* contentsOf(store: ByteStore, keys: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const key of keys) {
    for (let start = 0; ; start += CHUNK_BYTES) {
      const found = await store.get(key, { range: { start, end: start + CHUNK_BYTES } });
      if (found.kind !== 'found') break;
      if (found.bytes.length > 0) yield found.bytes;
      if (start + CHUNK_BYTES >= found.size) break;
    }
  }
}

import { isKittiwakeError } from '../../core/errors.ts';
import { type Runtime, randomId } from '../../core/runtime.ts';
import type { ByteStore, Presigned } from '../../storage/byte-store.ts';
import { importNotAwaiting, importTooLarge, uploadMisplaced } from './errors.ts';
import type { Job, JobSource, SourceSegment } from './job.ts';
import type { Jobs } from './jobs.ts';
import { completeParts, multipartOf, partBytesOf, partSizes } from './presigned-parts.ts';
import { jobPrefix, removeWorkFiles } from './run-files.ts';
import { type Segments, segmentsOf } from './segments.ts';

export interface UploadsOptions {
  store: ByteStore;
  /** Of the wiki. */
  uuid: string;
  runtime: Runtime;
  jobs: Pick<Jobs, 'read' | 'change'>;
  /** Bytes of a piece that is kept, and of a presigned part. */
  chunkBytes: number;
}

export type StoredSource = Extract<JobSource, { kind: 'stored' }>;

/** One request of a presigned upload. */
export interface UploadTarget extends Presigned {
  number: number;
  bytes: number;
}

/** What arrives in one request. */
export interface Arriving {
  /** Where it begins in the source. */
  offset: number;
  /** As the request announces it. Undefined: it does not. */
  bytes: number | undefined;
  chunks: AsyncIterable<Uint8Array>;
}

/** What jobs are to read comes here: in pieces of one stream or several, or in presigned parts where the store takes those. */
export interface Uploads {
  /** Where the parts are to be sent; undefined where the store is no server. @throws KittiwakeError `import_not_awaiting` */
  targets(id: string): Promise<UploadTarget[] | undefined>;
  /**
   * Takes a piece in, and as much of it as comes where it breaks off. With the last one the job is queued. Who sends more than was
   * announced ends the job.
   * @throws KittiwakeError `import_not_awaiting`, `upload_misplaced`, `import_too_large`; what `chunks` throws
   */
  receive(id: string, arriving: Arriving): Promise<Job>;
  /** All parts were sent: the job is queued. @throws KittiwakeError `import_not_awaiting`, `upload_incomplete` */
  complete(id: string, etags?: ReadonlyMap<number, string>): Promise<Job>;
  /** Removes what was sent for a job that has ended. */
  discard(job: Job): Promise<void>;
}

/** Of a stream that was sent in many requests: each is named in the job, and looked at when it is read. */
const MAX_SEGMENTS = 5_000;
/** Besides these a source may be sent in pieces of this size. */
const FAIR_BYTES = 1 << 20;

/** Presigned parts can be sent for so long; each look at the job presigns them anew. */
const EXPIRY_SECONDS = 3_600;

export function openUploads({ store, uuid, runtime, jobs, chunkBytes }: UploadsOptions): Uploads {
  async function awaiting(id: string): Promise<AwaitingJob> {
    return checkAwaiting(await jobs.read(id));
  }

  /** Begins the upload, once: who is second takes that of the first. */
  async function begun(job: AwaitingJob): Promise<StoredSource & { uploadId: string }> {
    const { uploadId } = job.source;
    if (uploadId !== undefined) return { ...job.source, uploadId };
    const uploads = await multipartOf(store);
    const { key } = job.source;
    const fresh = await uploads.begin(key);
    const source = await jobs.change(job.id, current => {
      const { source: known } = checkAwaiting(current);
      if (known.uploadId !== undefined) return { result: { ...known, uploadId: known.uploadId } };
      const body = {
        ...current,
        source: { ...known, uploadId: fresh, partBytes: partBytesOf(known.bytes, chunkBytes) },
      };
      return { body, result: body.source };
    });
    if (source.uploadId !== fresh) await uploads.abort(key, fresh);
    return source;
  }

  /** Stores the next piece, and enters it where it belongs. Undefined: more came than there may be. */
  async function storePiece(
    id: string,
    at: number,
    pieces: Segments,
    announced: number,
  ): Promise<Job | undefined> {
    const key = `${jobPrefix(uuid, id)}source-${randomId(runtime)}`;
    const { size } = await store.upload(key, pieces.next(Math.min(chunkBytes, announced - at)));
    try {
      if (at + size === announced && !pieces.isOver) {
        await store.delete([key]);
        return undefined;
      }
      return await jobs.change(id, current => {
        const body = withSegment(checkAwaiting(current), at, { key, bytes: size });
        return { body, result: body };
      });
    } catch (error) {
      if (isRefused(error)) await store.delete([key]);
      throw error;
    }
  }

  /** More came than was announced: what came is removed. */
  async function refuseMore(id: string, announced: number): Promise<never> {
    const error = importTooLarge(announced + 1, announced);
    const { code, message } = error;
    const job = await jobs.change(id, current => {
      if (current.state !== 'awaiting_upload') return { result: current };
      const body: Job = { ...current, state: 'failed', endedMs: runtime.now(), error: { code, message } };
      return { body, result: body };
    });
    if (job.state === 'failed') await discard(job);
    throw error;
  }

  async function discard({ id, source }: Job): Promise<void> {
    if (source.kind === 'stored' && source.uploadId !== undefined)
      await (await multipartOf(store)).abort(source.key, source.uploadId);
    await removeWorkFiles(store, jobPrefix(uuid, id));
  }

  return {
    discard,
    async targets(id) {
      if (store.multipart === undefined) return undefined;
      const { key, uploadId, bytes, partBytes = chunkBytes } = await begun(await awaiting(id));
      const uploads = await multipartOf(store);
      const presign = async (sizeBytes: number, index: number) => {
        const part = { key, id: uploadId, number: index + 1, sizeBytes, expiresInSeconds: EXPIRY_SECONDS };
        return { ...(await uploads.presignPart(part)), number: part.number, bytes: sizeBytes };
      };
      return await Promise.all(partSizes(bytes, partBytes).map(presign));
    },
    async receive(id, { offset, bytes, chunks }) {
      const { bytes: announced, segments } = (await awaiting(id)).source;
      let at = receivedBytes(segments);
      checkOffset(offset, at);
      if (offset + (bytes ?? 0) > announced) throw importTooLarge(offset + (bytes ?? 0), announced);
      const pieces = segmentsOf(chunks);
      try {
        do {
          const job = await storePiece(id, at, pieces, announced);
          if (job === undefined) return await refuseMore(id, announced);
          at = receivedBytes((job.source as StoredSource).segments);
        } while (!pieces.isOver);
        if (pieces.failure !== undefined) throw pieces.failure.error;
        return await jobs.read(id);
      } finally {
        await pieces.end();
      }
    },
    async complete(id, etags) {
      const job = await jobs.read(id);
      if (job.state !== 'awaiting_upload' && isUploaded(job)) return job;
      const { source } = checkAwaiting(job);
      const { partBytes = chunkBytes } = source;
      await completeParts(store, { source, sizes: partSizes(source.bytes, partBytes), etags });
      return await jobs.change(id, current => {
        if (current.state !== 'awaiting_upload' && isUploaded(current)) return { result: current };
        const { uploadId, partBytes: size, segments, ...whole } = checkAwaiting(current).source;
        const body: Job = { ...current, state: 'queued', source: whole };
        return { body, result: body };
      });
    },
  };
}

/** True when the job surely does not have the piece: what else is thrown may come behind the swap. */
function isRefused(error: unknown): boolean {
  const codes = ['import_not_awaiting', 'import_not_found', 'upload_misplaced'];
  return codes.some(code => isKittiwakeError(error, code));
}

/** How much of the source is there. */
export function receivedBytes(segments: readonly SourceSegment[] = []): number {
  return segments.reduce((sum, { bytes }) => sum + bytes, 0);
}

type AwaitingJob = Job & { source: StoredSource };

/** @throws KittiwakeError `import_not_awaiting` */
function checkAwaiting(job: Job): AwaitingJob {
  if (job.state !== 'awaiting_upload' || job.source.kind !== 'stored')
    throw importNotAwaiting(job.id, job.state);
  return job as AwaitingJob;
}

function checkOffset(offset: number, received: number): void {
  if (offset !== received) throw uploadMisplaced(`it begins at byte ${offset}, wanted ${received}`, received);
}

/** @throws KittiwakeError `upload_misplaced` when somebody else was faster, or the pieces are too many */
function withSegment(job: AwaitingJob, at: number, segment: SourceSegment): Job {
  const { segments = [], bytes } = job.source;
  checkOffset(at, receivedBytes(segments));
  if (segments.length >= MAX_SEGMENTS + Math.floor(at / FAIR_BYTES))
    throw uploadMisplaced(`it came in ${segments.length} pieces, start again with larger ones`, at);
  const next = segment.bytes === 0 ? segments : [...segments, segment];
  const isWhole = at + segment.bytes === bytes;
  return { ...job, state: isWhole ? 'queued' : job.state, source: { ...job.source, segments: next } };
}

function isUploaded({ state }: Job): boolean {
  return state !== 'failed' && state !== 'cancelled';
}

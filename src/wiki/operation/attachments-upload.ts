import { hashParts } from '../../core/bytes.ts';
import type { Watch } from '../../git/large/large.ts';
import type { PrepareUploadBody, PutAttachmentBody } from '../bodies.ts';
import { WorkTime } from '../change/work-time.ts';
import { Workspace } from '../change/workspace.ts';
import { hasLimits, type WriteContext, write } from '../change/write.ts';
import { attachmentTooLarge, presignUnsupported, uploadInvalid } from '../errors.ts';
import { mimeType } from '../name/attachment-name.ts';
import type {
  AttachStream,
  AttachTarget,
  CommitUpload,
  PrepareUpload,
  WriteOptions,
  Written,
} from '../wiki.ts';
import { attach } from './attachments.ts';

const NOTHING = Buffer.alloc(0);
const CONTENT_TYPE = /^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}$/;

/** Checks all that can be checked before there is a content, and gives a URL for it. */
export async function prepareUpload(context: WriteContext, input: PrepareUpload): Promise<PrepareUploadBody> {
  const { size, contentType = mimeType(input.filename) } = input;
  const sha256 = input.sha256.toLowerCase();
  if (size < 0) throw uploadInvalid('size', 'its number of bytes');
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw uploadInvalid('sha256', '64 hex digits');
  if (!CONTENT_TYPE.test(contentType))
    throw uploadInvalid('content_type', 'a media type without parameters, such as image/png');
  await checkTarget(context, input, size);
  const large = await context.repository.largeFiles();
  const prepared = await large.prepareUpload({ size, sha256 }, contentType);
  if (!prepared)
    throw presignUnsupported('send the bytes themselves, with POST …/attachments?filename=NAME, or in JSON');
  const { id, url, headers, expiresAtMs } = prepared;
  const expires_at = new Date(expiresAtMs).toISOString();
  return { upload: { id, method: 'PUT', url, headers: { ...headers }, expires_at, max_bytes: size } };
}

/** Attaches what was uploaded under an id; often: as often as it is asked for within a day. */
export async function commitUpload(
  context: WriteContext,
  input: CommitUpload,
  options: WriteOptions = {},
): Promise<Written<PutAttachmentBody>> {
  const repeated = await repeatedAnswer<PutAttachmentBody>(context, options);
  if (repeated) return repeated;
  await checkTarget(context, input, 0);
  const large = await context.repository.largeFiles();
  const watch = watchOf(context, options);
  if (options.dryRun === true) {
    const { oid, size } = await large.checkUpload(input.upload, watch);
    return write(context, work => attach(work, input, path => work.writeKnown(path, oid, size)), options);
  }
  const streamed = await large.takeUpload(input.upload, watch);
  return write(context, work => attach(work, input, path => work.writeStreamed(path, streamed)), options);
}

/** Attaches a content that comes in with the request. */
export async function attachStream(
  context: WriteContext,
  input: AttachStream,
  options: WriteOptions = {},
): Promise<Written<PutAttachmentBody>> {
  await checkTarget(context, input, input.size);
  const large = await context.repository.largeFiles();
  const streamed = await large.storeStream(input.size, input.content, watchOf(context, options));
  const { idempotency, ...rest } = options;
  // Which bytes a request has is known only when all have come.
  const key = idempotency && {
    key: idempotency.key,
    fingerprint: hashParts(idempotency.fingerprint, streamed.oid),
  };
  return write(context, work => attach(work, input, path => work.writeStreamed(path, streamed)), {
    ...rest,
    dryRun: false,
    ...(key === undefined ? {} : { idempotency: key }),
  });
}

/** What the commit would refuse whatever the content is. */
async function checkTarget(
  { repository, settings }: WriteContext,
  target: AttachTarget,
  size: number,
): Promise<void> {
  if (size > settings.maxUploadBytes) throw attachmentTooLarge(settings.maxUploadBytes);
  const ground = await repository.ground();
  const workspace = new Workspace(ground.view, settings, { caller: ground });
  await attach(workspace, target, path => workspace.write(path, NOTHING));
  if (!hasLimits(ground.permits)) return;
  const { checkQuotaFor } = await import('../bound/quota.ts');
  await checkQuotaFor(ground, size);
}

function watchOf({ runtime }: WriteContext, { deadlineMs }: WriteOptions): Watch {
  const time = new WorkTime(runtime, deadlineMs);
  return () => time.step();
}

const notRepeated = new Error('The request is no repeat');

/** The answer that the same request got before, without reading its upload once more. */
async function repeatedAnswer<B>(
  { repository }: WriteContext,
  { idempotency, dryRun }: WriteOptions,
): Promise<Written<B> | undefined> {
  if (idempotency === undefined || dryRun === true) return undefined;
  try {
    const { result } = await repository.commit<Omit<Written<B>, 'replayed'>>({
      plan: () => Promise.reject(notRepeated),
      idempotency,
    });
    return { ...result, replayed: true };
  } catch (error) {
    if (error === notRepeated) return undefined;
    throw error;
  }
}

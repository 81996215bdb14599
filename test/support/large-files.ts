import { createHash } from 'node:crypto';
import type { StreamedBlob, UploadPromise } from '../../src/git/large/large.ts';
import { makeUploadId, uploadsPrefix } from '../../src/git/large/upload-id.ts';
import type { LedgerRepository } from '../../src/git/open.ts';

/** For contents that nobody watches. */
export const unwatched = async (): Promise<void> => undefined;

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Bytes that do not shrink, the same for each seed. */
export function noise(count: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(count);
  let state = seed >>> 0 || 1;
  for (let at = 0; at < count; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state & 0xff;
  }
  return bytes;
}

/** The bytes as a stream, in pieces of `size`. */
export async function* pieces(bytes: Buffer, size = 64 << 10): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Stores bytes as a client with a presigned URL would, whatever it had promised. Resolves with the id. */
export async function uploadAs(
  { store, uuid, runtime }: Pick<LedgerRepository, 'store' | 'uuid' | 'runtime'>,
  bytes: Buffer,
  promise: Partial<UploadPromise> = {},
): Promise<string> {
  const id = makeUploadId({ size: bytes.length, sha256: sha256(bytes), ...promise }, runtime);
  await store.put(uploadsPrefix(uuid) + id, [bytes], { immutable: true });
  return id;
}

/** Takes a content into a pack of its own. */
export async function storeStream(
  repository: LedgerRepository,
  bytes: Buffer,
  content: AsyncIterable<Uint8Array> = pieces(bytes),
): Promise<StreamedBlob> {
  return (await repository.largeFiles()).storeStream(bytes.length, content, unwatched);
}

/** Commits a blob that was stored beforehand; resolves with the commit's id. */
export async function commitStreamed(
  repository: LedgerRepository,
  path: string,
  streamed: StreamedBlob,
): Promise<string> {
  const author = { name: 'Ann', email: 'ann@example.org' };
  const { result } = await repository.commit({
    plan: async () => ({
      kind: 'commit',
      draft: { changes: [{ path, to: { streamed } }], message: 'Attach', author },
      result: made => made.oid,
    }),
  });
  return result;
}

/** All of a stream. */
export async function allOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

/** Keys of a wiki's pack files. */
export async function packFiles({ store, uuid }: LedgerRepository): Promise<string[]> {
  return (await store.list(`packs/${uuid}/`)).objects.map(({ key }) => key);
}

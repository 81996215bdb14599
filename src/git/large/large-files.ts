import { packBlob } from './blob-pack.ts';
import type { LargeFiles, PreparedUpload, UploadPromise, Watch } from './large.ts';
import { presignDownload, URL_SECONDS } from './raw-copy.ts';
import { type LargeHost, storeBlob } from './streamed-blob.ts';
import { findUpload } from './take-upload.ts';
import { makeUploadId, uploadsPrefix } from './upload-id.ts';

export function createLargeFiles(host: LargeHost): LargeFiles {
  return {
    prepareUpload: (promise, contentType) => prepareUpload(host, promise, contentType),
    async takeUpload(id, watch) {
      const { size, content } = await findUpload(host, id);
      return storeBlob(host, size, () => watched(content(), watch));
    },
    async checkUpload(id, watch) {
      const { size, content } = await findUpload(host, id);
      const pack = packBlob(size, watched(content(), watch));
      for await (const _ of pack.chunks);
      return { oid: pack.made().oid, size };
    },
    storeStream(size, content, watch) {
      const once = [watched(content, watch)];
      return storeBlob(host, size, () => once.pop());
    },
    presignDownload(oid, open, download, watch) {
      const chunks = async () => watched((await open()).chunks, watch);
      return presignDownload(host, oid, chunks, download);
    },
  };
}

async function prepareUpload(
  { store, runtime, uuid }: LargeHost,
  promise: UploadPromise,
  contentType: string,
): Promise<PreparedUpload | undefined> {
  if (!store.presign) return undefined;
  const id = makeUploadId(promise, runtime);
  const presigned = await store.presign({
    method: 'PUT',
    key: uploadsPrefix(uuid) + id,
    expiresInSeconds: URL_SECONDS,
    contentType,
    sizeBytes: promise.size,
  });
  return { id, ...presigned };
}

async function* watched(content: AsyncIterable<Uint8Array>, watch: Watch): AsyncGenerator<Uint8Array> {
  for await (const part of content) {
    await watch();
    yield part;
  }
}

import type { ByteStore } from '../../storage/byte-store.ts';
import { COPY_MS } from './raw-copy.ts';
import type { LargeHost } from './streamed-blob.ts';
import { UPLOAD_SECONDS } from './take-upload.ts';
import { copiesPrefix, uploadsPrefix } from './upload-id.ts';

/** An upload whose id has run out may still be read by who began in time. */
const UPLOAD_GRACE_MS = 3_600_000;

export interface SweptTransfers {
  /** Uploads, committed or not, that can no longer be committed. */
  uploads: number;
  /** Copies made for downloads. */
  copies: number;
  /** Uploads in parts that were never finished. */
  unfinished: number;
}

/** Removes what uploads and downloads have left behind. */
export async function sweepTransfers({ store, uuid, runtime }: LargeHost): Promise<SweptTransfers> {
  const nowMs = runtime.now();
  const uploadsMs = UPLOAD_SECONDS * 1000 + UPLOAD_GRACE_MS;
  return {
    uploads: await removeOlder(store, uploadsPrefix(uuid), nowMs - uploadsMs),
    copies: await removeOlder(store, copiesPrefix(uuid), nowMs - COPY_MS),
    unfinished: (await store.sweepUploads?.(uploadsMs)) ?? 0,
  };
}

async function removeOlder(store: ByteStore, prefix: string, beforeMs: number): Promise<number> {
  let removed = 0;
  for (let after: string | undefined, more = true; more; ) {
    const page = await store.list(prefix, after === undefined ? {} : { after });
    const old = page.objects.filter(object => object.modifiedMs < beforeMs).map(object => object.key);
    if (old.length > 0) await store.delete(old);
    removed += old.length;
    after = page.objects.at(-1)?.key;
    more = page.more;
  }
  return removed;
}

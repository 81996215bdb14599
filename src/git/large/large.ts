import type { Presigned } from '../../storage/byte-store.ts';
import type { Oid } from '../object/objects.ts';
import type { Place } from '../pack/place.ts';

/** Files that are too large for memory, or for a request, as the wiki's domain sees them. */
export interface LargeFiles {
  /** A URL that takes a file of exactly the promised size, for an hour. Undefined: the store has no such URLs. */
  prepareUpload(promise: UploadPromise, contentType: string): Promise<PreparedUpload | undefined>;

  /**
   * Takes what was uploaded into a pack of its own. May be done again, for 24 hours after the id was given out.
   * @throws KittiwakeError `upload_invalid`, `upload_expired`, `upload_not_found`, `upload_differs`; what `watch` throws
   */
  takeUpload(id: string, watch: Watch): Promise<StreamedBlob>;

  /** The blob that the upload would become; nothing is stored. Throws as {@link LargeFiles.takeUpload}. */
  checkUpload(id: string, watch: Watch): Promise<{ oid: Oid; size: number }>;

  /**
   * Takes a content of known size into a pack of its own.
   * @throws KittiwakeError `upload_differs`; what the content and `watch` throw
   */
  storeStream(size: number, content: AsyncIterable<Uint8Array>, watch: Watch): Promise<StreamedBlob>;

  /**
   * A URL by which a blob can be downloaded for an hour, past this process. The blob is copied out of its pack for it, unless
   * that was done within a day. Undefined: the store has no such URLs.
   * @param open opens the blob; called when it must be copied
   * @throws what reading the blob and `watch` throw
   */
  presignDownload(
    oid: Oid,
    open: () => Promise<OpenBlob>,
    download: Download,
    watch: Watch,
  ): Promise<Presigned | undefined>;
}

/** What a client says of a file before it uploads it. */
export interface UploadPromise {
  /** Bytes. */
  size: number;
  /** 64 lower-case hex digits. */
  sha256: string;
}

/** What a client needs to upload a file past this process. */
export interface PreparedUpload extends Presigned {
  /** To be given when the upload is committed. */
  id: string;
}

/** Called for each part of a content as it passes; what it throws ends the work with nothing stored. */
export type Watch = () => Promise<void>;

export interface Download {
  /** `Content-Type` and `Content-Disposition` to be answered. */
  contentType: string;
  disposition: string;
}

/** A blob of any size: how long it is, and its bytes. */
export interface OpenBlob {
  size: number;
  /** To be taken once. Breaks off before its last bytes when they are not those that the id promises. */
  chunks: AsyncIterable<Uint8Array>;
}

/** A blob that was written into a pack of its own, to be committed by its id. */
export interface StreamedBlob {
  oid: Oid;
  size: number;
  stored: StoredBlob;
  /**
   * For a ledger with another number of collections: what may be listed by it.
   * @throws KittiwakeError `packs_collected` when the pack is gone and its content too
   */
  renew(stored: StoredBlob, ledger: Collected): Promise<StoredBlob>;
}

/** Where a blob lies in a pack that no ledger lists yet. */
export interface StoredBlob {
  place: Place;
  packBytes: number;
  /** {@link Collected.collections} from before it was stored. */
  collections: number;
}

/** What a ledger knows of collections; see `Ledger`. */
export interface Collected {
  collections: number;
  condemned: readonly { name: string }[];
}

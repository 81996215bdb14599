import type { Presigned } from './byte-store.ts';

/** Large objects that others send in parts without credentials. Keys are those of immutable objects. */
export interface MultipartUploads {
  /** Begins an upload; it takes room, and is in no listing, until it is completed or aborted. Returns its id. */
  begin(key: string): Promise<string>;
  /** One PUT of one part, of exactly that many bytes. @throws KittiwakeError `storage_failed` for an expiry that is not allowed */
  presignPart(part: PresignPart): Promise<Presigned>;
  /** What is there, by number. Undefined: there is no such upload, or no more. */
  parts(key: string, id: string): Promise<UploadedPart[] | undefined>;
  /** Makes the object of these parts, in order of their numbers; also when that was done before. */
  complete(key: string, id: string, parts: readonly UploadedPart[]): Promise<void>;
  /** Also when there is none. */
  abort(key: string, id: string): Promise<void>;
}

export interface PresignPart {
  key: string;
  /** Of the upload. */
  id: string;
  /** 1 to 10,000. */
  number: number;
  /** All but the last: 5 MiB or more. */
  sizeBytes: number;
  /** 1 to 604,800. */
  expiresInSeconds: number;
}

export interface UploadedPart {
  number: number;
  etag: string;
  /** Bytes. */
  size: number;
}

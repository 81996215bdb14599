/**
 * Bytes by key: the only way Kittiwake reaches a disk or S3. Formats are none of its business.
 *
 * Two kinds of object live behind one interface. An *immutable* object is written once under a name that is never
 * used for other bytes (packs, maps). A *mutable* object is replaced by compare-and-swap only (ledgers, documents).
 */
export interface ByteStore {
  /** Shown in errors and by `doctor`, for example `file:/srv/data`. */
  readonly location: string;

  /**
   * Reads an object, or a part of it. A range past the end is cut to what is there; a range that begins past the
   * end yields no bytes.
   * @throws KittiwakeError `storage_failed`, `storage_denied`
   */
  get(key: string, options?: GetOptions): Promise<GetOutcome>;

  /**
   * Writes an object, durable when it resolves with `stored`. Conflict and unknown are values; what is thrown is
   * known to have changed nothing (`storage_full`, `storage_denied`, `storage_failed`). A conditional put is sent
   * once: repeating it is the business of `swap`.
   */
  put(key: string, body: Body, condition: PutCondition, options?: WriteOptions): Promise<PutOutcome>;

  /** Keys that start with `prefix`, in code-unit order, after the key `after` (exclusive). At most `limit` (1,000). */
  list(prefix: string, options?: { after?: string; limit?: number } & CallOptions): Promise<Listing>;

  /** Removes objects; those that are absent are skipped. Not a swap: only for what nobody may be writing. */
  delete(keys: readonly string[], options?: CallOptions): Promise<void>;

  /**
   * Writes an immutable object of unknown length, durable when it resolves. Memory stays bounded where the backend has
   * any choice: on disk by one chunk, on S3 by three parts of 8 MiB (of 16 MiB from 8 GB on, 32 MiB from 24 GB on, …).
   * Nothing is left of an upload that fails. The chunks must not be changed once they were given.
   * @throws KittiwakeError as `put`; what `chunks` throws, unchanged
   */
  upload(key: string, chunks: AsyncIterable<Uint8Array>, options?: WriteOptions): Promise<Uploaded>;

  /** Lets others send one request without credentials. Only where the backend is a server. */
  presign?(request: PresignRequest): Promise<Presigned>;

  /** Lets others send a large object in parts. Only where the backend is a server. */
  multipart?(): Promise<MultipartUploads>;

  /**
   * Aborts what was begun by `upload` more than `olderThanMs` ago and never finished. Returns how many.
   * @throws KittiwakeError `storage_failed`, `storage_denied`
   */
  sweepUploads?(olderThanMs: number): Promise<number>;

  /**
   * The versions of an object that are kept, newest first, the current one among them. A backend may keep few of them, and
   * none of an immutable object. Absent: it never keeps any.
   * @throws KittiwakeError `storage_failed`, `storage_denied`
   */
  versions?(key: string): AsyncIterable<KeptVersion>;

  /** Reads one of these versions, or a part of it. @throws KittiwakeError `storage_failed`, `storage_denied` */
  getVersion?(key: string, id: string, options?: Pick<GetOptions, 'range'>): Promise<GetOutcome>;

  /**
   * Removes all versions but the current ones of the objects whose keys begin with `prefix`, for good. Of an object that is
   * deleted nothing is left but that. Returns how many. Absent: the backend keeps none.
   * @throws KittiwakeError `storage_failed`, `storage_denied`
   */
  forgetVersions?(prefix: string): Promise<number>;

  /**
   * Finds out by a few requests whether this store keeps its promises, and how it wants to be asked. To be called once at
   * the start of a server, and before a wiki is born; not on the way to an answer.
   * @throws KittiwakeError `storage_unconditional`, `storage_bucket_absent`, `storage_denied`, `storage_region_wrong`,
   * `storage_clock_skewed`, `storage_not_s3`, `storage_credentials`, `storage_failed`
   */
  probe?(): Promise<void>;

  /** Resolves when none of its calls is under way. Absent: no call outlives the wait for it. */
  idle?(): Promise<void>;
}

/** Opaque. Two versions of one key compare equal only when they are the same version. */
export type Version = string;

/** The bytes to write, in order. The store may keep the parts, so nobody changes them any more. */
export type Body = readonly Uint8Array[];

export interface CallOptions {
  /** Gives up waiting. An aborted put answers `unknown`. */
  signal?: AbortSignal;
}

export interface WriteOptions extends CallOptions {
  /** What others are answered who get the object over HTTP. Backends that nobody reaches so leave it out. */
  http?: HttpHeaders;
}

/** As they are sent. */
export interface HttpHeaders {
  readonly 'content-type': string;
  readonly 'cache-control': string;
  readonly 'content-disposition'?: string;
}

export interface GetOptions extends CallOptions {
  /** Bytes `start` (inclusive) to `end` (exclusive). A negative `start` counts from the end and takes no `end`. */
  range?: { start: number; end?: number };
  /** Answers `unchanged` when the object still has this version. */
  ifNoneMatch?: Version;
}

export type GetOutcome =
  /** `size` is that of the whole object, in bytes. `bytes` belongs to the caller. */
  | { kind: 'found'; bytes: Buffer; version: Version; size: number }
  | { kind: 'unchanged' }
  | { kind: 'absent' };

export type PutCondition =
  | { ifMatch: Version }
  | { ifAbsent: true }
  /** The key never held and never will hold other bytes; may be repeated freely. */
  | { immutable: true };

export type PutOutcome =
  | { kind: 'stored'; version: Version }
  /** The condition did not hold, as far as the answer tells: it may also be this caller's own earlier success. */
  | { kind: 'conflict'; reason: 'changed' | 'exists' | 'gone' | 'concurrent' }
  /** The put may have taken effect, or may do so later. */
  | { kind: 'unknown'; cause: Error };

export interface Listing {
  objects: { key: string; size: number; modifiedMs: number }[];
  /** True when more keys follow the last one. */
  more: boolean;
}

/** A version of an object that a backend keeps. */
export interface KeptVersion {
  /** Names it among the versions of its key. Not a {@link Version}. */
  id: string;
  /** Bytes. */
  size: number;
  modifiedMs: number;
  isCurrent: boolean;
  /** It stands for a deletion and has no bytes. */
  isDeleted: boolean;
}

export interface Uploaded {
  /** Bytes. */
  size: number;
}

export interface PresignRequest {
  method: 'GET' | 'PUT';
  key: string;
  /** 1 to 604,800. Credentials of a role end it earlier. */
  expiresInSeconds: number;
  /** PUT: the only type that is accepted, by default `application/octet-stream`. GET: the type to be answered. */
  contentType?: string;
  /** PUT: the only size that is accepted. Default: any. */
  sizeBytes?: number;
  /** GET: the `Content-Disposition` to be answered. */
  disposition?: string;
}

export interface Presigned {
  url: string;
  /** To be sent with the request as they are. */
  headers: Readonly<Record<string, string>>;
  expiresAtMs: number;
}

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

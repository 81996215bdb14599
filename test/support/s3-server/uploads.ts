import { randomBytes } from 'node:crypto';
import { S3Error } from './s3-error.ts';
import type { Things } from './things.ts';

/** A multipart upload that was begun and neither completed nor aborted. */
export interface Upload {
  id: number;
  uploadId: string;
  key: string;
  startedMs: number;
  headers: Record<string, string>;
  parts: Map<number, Part>;
}

export interface Part {
  id: number;
  number: number;
  bytes: Buffer;
  /** Without quotes. */
  etag: string;
  modifiedMs: number;
}

/** The unfinished uploads of one bucket. */
export class Uploads {
  readonly #bucket: string;
  readonly #things: Things;
  readonly #uploads = new Map<string, Upload>();
  readonly #completed = new Map<string, string>();

  constructor(bucket: string, things: Things) {
    this.#bucket = bucket;
    this.#things = things;
  }

  start(key: string, headers: Record<string, string>): Upload {
    const uploadId = randomBytes(16).toString('hex');
    const fields = { id: this.#things.nextId(), uploadId, key, startedMs: Date.now(), headers };
    this.#things.save(fields.id, 'upload', { ...fields, bucket: this.#bucket });
    return this.restore(fields);
  }

  /** @throws S3Error `NoSuchUpload` */
  find(uploadId: string, key: string): Upload {
    const upload = this.#uploads.get(uploadId);
    if (upload?.key === key) return upload;
    throw new S3Error('NoSuchUpload', 'The specified multipart upload does not exist.', {
      UploadId: uploadId,
    });
  }

  /** Those whose keys begin with `prefix`, by key, then by age. */
  list(prefix: string): Upload[] {
    const found = [...this.#uploads.values()].filter(upload => upload.key.startsWith(prefix));
    return found.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.id - b.id));
  }

  addPart(upload: Upload, number: number, bytes: Buffer, etag: string): Part {
    const fields = { id: this.#things.nextId(), number, etag, modifiedMs: Date.now() };
    const { uploadId } = upload;
    const old = upload.parts.get(number);
    this.#things.together(() => {
      if (old !== undefined) this.#things.remove(old.id);
      this.#things.save(fields.id, 'part', { ...fields, uploadId, bucket: this.#bucket }, bytes);
    });
    const part = { ...fields, bytes };
    upload.parts.set(number, part);
    return part;
  }

  /** Forgets the upload and its parts, but not what came of it. */
  complete(upload: Upload, etag: string): void {
    this.#completed.set(upload.uploadId, etag);
    this.remove(upload);
  }

  /** The ETag of what came of an upload since the start of the server. */
  completedEtag(uploadId: string): string | undefined {
    return this.#completed.get(uploadId);
  }

  /** Forgets the upload with its parts. */
  remove(upload: Upload): void {
    this.#uploads.delete(upload.uploadId);
    this.#things.together(() => {
      for (const part of upload.parts.values()) this.#things.remove(part.id);
      this.#things.remove(upload.id);
    });
  }

  /** Takes an upload that is kept already. */
  restore(fields: Omit<Upload, 'parts'>): Upload {
    const upload = { ...fields, parts: new Map() };
    this.#uploads.set(upload.uploadId, upload);
    return upload;
  }

  /** Takes a part that is kept already. */
  restorePart(uploadId: string, part: Part): void {
    this.#uploads.get(uploadId)?.parts.set(part.number, part);
  }
}

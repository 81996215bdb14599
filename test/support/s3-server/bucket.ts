import { randomBytes } from 'node:crypto';
import { SortedKeys } from './sorted-keys.ts';
import type { Things } from './things.ts';
import { Uploads } from './uploads.ts';

export type Versioning = 'Off' | 'Enabled' | 'Suspended';

/** One version of an object, or a delete marker (which has no bytes). */
export interface ObjectVersion {
  id: number;
  key: string;
  /** `null` while versioning is not enabled. */
  versionId: string;
  isDeleteMarker: boolean;
  bytes: Buffer;
  /** Without quotes. */
  etag: string;
  modifiedMs: number;
  /** `performance.now()` of the write, to tell races; 0 for what an earlier process wrote. */
  writtenMs: number;
  /** What the writer sent along: content type, metadata, checksums. */
  headers: Record<string, string>;
}

export type NewObject = Pick<ObjectVersion, 'key' | 'bytes' | 'etag' | 'headers'>;

export interface BucketFields {
  name: string;
  /** Another one than the server's makes every request to the bucket a redirect. */
  region: string;
  versioning: Versioning;
}

/** The objects of one bucket, all versions of them; oldest first. */
export class Bucket {
  readonly id: number;
  readonly fields: BucketFields;
  readonly keys = new SortedKeys();
  readonly uploads: Uploads;
  readonly #things: Things;
  readonly #versions = new Map<string, ObjectVersion[]>();

  constructor(id: number, fields: BucketFields, things: Things) {
    this.id = id;
    this.fields = fields;
    this.uploads = new Uploads(fields.name, things);
    this.#things = things;
  }

  setVersioning(versioning: Versioning): void {
    this.fields.versioning = versioning;
    this.#things.save(this.id, 'bucket', this.fields);
  }

  /** The object as a plain GET sees it. */
  current(key: string): ObjectVersion | undefined {
    const last = this.versionsOf(key).at(-1);
    return last?.isDeleteMarker ? undefined : last;
  }

  versionsOf(key: string): readonly ObjectVersion[] {
    return this.#versions.get(key) ?? [];
  }

  put(object: NewObject): ObjectVersion {
    return this.#add({ ...object, isDeleteMarker: false });
  }

  /** Removes the object, or marks it as deleted where versions are kept: then the marker is the answer. */
  remove(key: string): ObjectVersion | undefined {
    if (this.fields.versioning === 'Off') {
      this.removeVersion(key, 'null');
      return undefined;
    }
    return this.#add({ key, bytes: Buffer.alloc(0), etag: '', headers: {}, isDeleteMarker: true });
  }

  /** Removes one version for good; answers what it was. */
  removeVersion(key: string, versionId: string): ObjectVersion | undefined {
    const gone = this.versionsOf(key).find(version => version.versionId === versionId);
    if (gone === undefined) return undefined;
    const left = this.versionsOf(key).filter(version => version !== gone);
    if (left.length > 0) this.#versions.set(key, left);
    else {
      this.#versions.delete(key);
      this.keys.remove(key);
    }
    this.#things.remove(gone.id);
    return gone;
  }

  /** Takes a version that is kept already. */
  restore(version: ObjectVersion): void {
    this.#versions.set(version.key, [...this.versionsOf(version.key), version]);
    this.keys.add(version.key);
  }

  #add(object: NewObject & { isDeleteMarker: boolean }): ObjectVersion {
    const version: ObjectVersion = {
      ...object,
      id: this.#things.nextId(),
      versionId: this.fields.versioning === 'Enabled' ? randomBytes(16).toString('hex') : 'null',
      modifiedMs: Date.now(),
      writtenMs: performance.now(),
    };
    const { bytes, ...fields } = version;
    return this.#things.together(() => {
      if (version.versionId === 'null') this.removeVersion(version.key, 'null');
      this.#things.save(version.id, 'version', { ...fields, bucket: this.fields.name, writtenMs: 0 }, bytes);
      this.restore(version);
      return version;
    });
  }
}

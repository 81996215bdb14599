import { Bucket, type BucketFields, type ObjectVersion } from './bucket.ts';
import { S3Error } from './s3-error.ts';
import { type Thing, Things } from './things.ts';
import type { Part, Upload } from './uploads.ts';

type Placed<T> = T & { bucket: string };
type KeptUpload = Placed<Omit<Upload, 'parts'>>;
type KeptPart = Placed<Part> & { uploadId: string };

/** All that the server remembers, in memory and, where a folder is given, in a file. */
export class S3State {
  readonly things: Things;
  readonly #buckets = new Map<string, Bucket>();

  constructor(folder: string | undefined) {
    this.things = new Things(folder);
    for (const thing of this.things.load()) this.#restore(thing);
  }

  createBucket(name: string, region: string): Bucket {
    const id = this.things.nextId();
    const fields: BucketFields = { name, region, versioning: 'Off' };
    this.things.save(id, 'bucket', fields);
    return this.#addBucket(id, fields);
  }

  findBucket(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** @throws S3Error `NoSuchBucket` */
  bucket(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket !== undefined) return bucket;
    throw new S3Error('NoSuchBucket', 'The specified bucket does not exist', { BucketName: name });
  }

  #addBucket(id: number, fields: BucketFields): Bucket {
    const bucket = new Bucket(id, fields, this.things);
    this.#buckets.set(fields.name, bucket);
    return bucket;
  }

  #restore({ id, kind, fields: json, bytes: kept }: Thing): void {
    const fields = JSON.parse(json);
    const bytes = kept ?? Buffer.alloc(0);
    if (kind === 'bucket') this.#addBucket(id, fields);
    if (kind === 'version') this.#restoreVersion({ ...fields, bytes });
    if (kind === 'upload') this.#restoreUpload(fields);
    if (kind === 'part') this.#restorePart({ ...fields, bytes });
  }

  #restoreVersion({ bucket, ...version }: Placed<ObjectVersion>): void {
    this.bucket(bucket).restore(version);
  }

  #restoreUpload({ bucket, ...upload }: KeptUpload): void {
    this.bucket(bucket).uploads.restore(upload);
  }

  #restorePart({ bucket, uploadId, ...part }: KeptPart): void {
    this.bucket(bucket).uploads.restorePart(uploadId, part);
  }
}

import type { AwsVariables } from '../../core/config.ts';
import { type Runtime, systemRuntime } from '../../core/runtime.ts';
import { abortedPut, refuseAborted } from '../aborted.ts';
import type {
  Body,
  ByteStore,
  CallOptions,
  GetOptions,
  GetOutcome,
  KeptVersion,
  Listing,
  MultipartUploads,
  Presigned,
  PresignRequest,
  PutCondition,
  PutOutcome,
  Uploaded,
  WriteOptions,
} from '../byte-store.ts';
import { checkKey, checkPrefix } from '../object-key.ts';
import { type Addressing, addressOf, type BucketAddress, isAws } from './address.ts';
import { failure, putFailure, putOutcome } from './answers.ts';
import { type S3Call, S3Client, type S3Request } from './client.ts';
import { conditionHeaders, IfMatchStyle, type Quoting } from './conditions.ts';
import { CredentialSource } from './credential-source.ts';
import { type ListOptions, listObjects } from './listing.ts';
import { PayloadHashes } from './payload-hash.ts';
import type { Place } from './place.ts';
import { getObject, type Target } from './reading.ts';
import { Signer } from './signer.ts';
import { Transport } from './transport.ts';

export interface S3ByteStoreOptions {
  bucket: string;
  /** What stands before every key, with a slash in between. Default: nothing. */
  prefix?: string;
  region: string;
  /** URL of another server than AWS. */
  endpoint?: string | undefined;
  /** Default: `path` for another server than AWS and for buckets with a dot, else `virtual`. */
  addressing?: Addressing;
  /** Default: `quoted` for AWS, `bare` for another server, until `probe` or a refusal tells otherwise. */
  ifMatch?: Quoting | 'auto';
  /** Where credentials are looked for, besides where the SDK does. */
  variables: AwsVariables;
  /** Default: the system's. */
  runtime?: Runtime;
  /** Default: 2,000. */
  connectTimeoutMs?: number;
  /** Longest silence during a request. Default: 10,000. */
  responseTimeoutMs?: number;
  /** Is told of each request when it is over. */
  onCall?: (call: S3Call) => void;
  /** What carries requests. Default: HTTP. */
  transport?: Pick<Transport, 'send'>;
}

export type S3ByteStore = ByteStore &
  Required<
    Pick<
      ByteStore,
      | 'presign'
      | 'multipart'
      | 'sweepUploads'
      | 'versions'
      | 'getVersion'
      | 'forgetVersions'
      | 'probe'
      | 'idle'
    >
  >;

/**
 * A ByteStore in an S3 bucket; versions are ETags, so that no content may return to a mutable key. Directory buckets, whose
 * listings have no order, are not supported. Opens no connection and looks for no credentials before the first call.
 */
export function createS3ByteStore(options: S3ByteStoreOptions): S3ByteStore {
  return new S3Store(options);
}

class S3Store implements S3ByteStore {
  readonly location: string;
  readonly #runtime: Runtime;
  readonly #address: BucketAddress;
  readonly #place: Place;
  readonly #root: string;
  readonly #signer: Signer;
  readonly #credentials: CredentialSource;
  readonly #client: S3Client;
  readonly #hashes = new PayloadHashes();
  readonly #ifMatch: IfMatchStyle;

  constructor(options: S3ByteStoreOptions) {
    const { bucket, prefix = '', region, endpoint, variables, onCall } = options;
    const { runtime = systemRuntime, connectTimeoutMs = 2000, responseTimeoutMs = 10_000 } = options;
    const address = addressOf({ bucket, region, endpoint, addressing: options.addressing ?? 'auto' });
    this.location = prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
    this.#runtime = runtime;
    this.#address = address;
    this.#place = { location: this.location, bucket, region, endpoint: address.origin.origin };
    this.#root = prefix === '' ? '' : `${prefix}/`;
    this.#signer = new Signer(region);
    this.#credentials = new CredentialSource({ variables, runtime });
    const http = { origin: address.origin, runtime, connectTimeoutMs, responseTimeoutMs };
    const { transport = new Transport(http) } = options;
    const [signer, credentials] = [this.#signer, this.#credentials];
    this.#client = new S3Client({ address, credentials, signer, transport, runtime, onCall });
    this.#ifMatch = new IfMatchStyle(options.ifMatch ?? 'auto', isAws(endpoint));
  }

  async get(key: string, options: GetOptions = {}): Promise<GetOutcome> {
    checkKey(key);
    refuseAborted('Reading', key, options);
    const { lastRefused } = this.#ifMatch;
    const outcome = await getObject(this.#targetOf(key), options);
    const version = outcome.kind === 'found' ? outcome.version : options.ifNoneMatch;
    if (outcome.kind !== 'absent') this.#ifMatch.found(lastRefused, { key, version: version ?? '' });
    return outcome;
  }

  async put(
    key: string,
    body: Body,
    condition: PutCondition,
    options: WriteOptions = {},
  ): Promise<PutOutcome> {
    checkKey(key);
    const aborted = abortedPut(key, options);
    if (aborted) return aborted;
    const { quoting } = this.#ifMatch;
    const outcome = await this.#put(key, body, condition, quoting, options);
    if ('ifMatch' in condition && outcome.kind === 'conflict' && outcome.reason === 'changed') {
      this.#ifMatch.refused({ key, version: condition.ifMatch }, quoting);
    }
    return outcome;
  }

  async list(prefix: string, options: ListOptions = {}): Promise<Listing> {
    checkPrefix(prefix);
    refuseAborted('Listing', prefix, options);
    return await listObjects(this.#listTarget(), prefix, options);
  }

  async delete(keys: readonly string[], options: CallOptions = {}): Promise<void> {
    for (const key of keys) checkKey(key);
    refuseAborted('Deleting', keys[0] ?? '', options);
    const { deleteObjects } = await import('./deletion.ts');
    await deleteObjects(
      this.#listTarget(),
      keys.map(key => ({ key })),
      options,
    );
  }

  async upload(
    key: string,
    chunks: AsyncIterable<Uint8Array>,
    options: WriteOptions = {},
  ): Promise<Uploaded> {
    checkKey(key);
    refuseAborted('Uploading', key, options);
    const { uploadObject } = await import('./upload.ts');
    const size = await uploadObject(this.#targetOf(key), chunks, options, async body => {
      const outcome = await this.#put(key, body, { immutable: true }, this.#ifMatch.quoting, options);
      if (outcome.kind === 'unknown') throw outcome.cause;
    });
    return { size };
  }

  async presign(request: PresignRequest): Promise<Presigned> {
    checkKey(request.key);
    const [{ presignRequest }, credentials] = await Promise.all([
      import('./presign.ts'),
      this.#credentials.get(),
    ]);
    const object = this.#root + request.key;
    return presignRequest(this.#address, this.#signer, object, request, credentials, this.#runtime.now());
  }

  async multipart(): Promise<MultipartUploads> {
    const { multipartUploads } = await import('./multipart.ts');
    return multipartUploads({
      targetOf: key => this.#targetOf(key),
      address: this.#address,
      signer: this.#signer,
      credentials: this.#credentials,
      runtime: this.#runtime,
    });
  }

  async sweepUploads(olderThanMs: number): Promise<number> {
    const { sweepUploads } = await import('./sweep.ts');
    return await sweepUploads(this.#listTarget(), this.#runtime.now() - olderThanMs);
  }

  async *versions(key: string): AsyncGenerator<KeptVersion> {
    checkKey(key);
    const { listVersions } = await import('./versions.ts');
    yield* listVersions(this.#targetOf(key));
  }

  async forgetVersions(prefix: string): Promise<number> {
    checkPrefix(prefix);
    const { forgetVersions } = await import('./forget.ts');
    return await forgetVersions(this.#listTarget(), prefix);
  }

  async getVersion(key: string, id: string, options: Pick<GetOptions, 'range'> = {}): Promise<GetOutcome> {
    checkKey(key);
    return await getObject({ ...this.#targetOf(key), versionId: id }, options);
  }

  idle(): Promise<void> {
    return this.#client.idle();
  }

  async probe(): Promise<void> {
    const { probeConditions } = await import('./probe.ts');
    const probed = {
      place: this.#place,
      runtime: this.#runtime,
      put: (object: string, text: string, condition: PutCondition, quoting: Quoting) =>
        this.#put(object, [Buffer.from(text)], condition, quoting, {}),
      get: (object: string) => this.#probeCall(object, 'GET'),
      remove: async (object: string) => {
        await this.#probeCall(object, 'DELETE');
      },
    };
    this.#ifMatch.quoting = await probeConditions(probed, this.#ifMatch.quoting);
  }

  async #put(
    key: string,
    body: Body,
    condition: PutCondition,
    quoting: Quoting,
    { signal, http }: WriteOptions,
  ): Promise<PutOutcome> {
    const doing = { action: 'Writing', key };
    const isImmutable = 'immutable' in condition;
    const request: S3Request = {
      operation: 'put',
      key,
      method: 'PUT',
      object: this.#root + key,
      headers: { ...conditionHeaders(condition, quoting), ...http },
      body,
      repeatable: isImmutable,
      signal,
      ...(isImmutable ? {} : { payloadHash: this.#hashes.of(key, body) }),
    };
    try {
      const answer = await this.#client.call(request);
      if (answer.status === 400) this.#hashes.forget(key);
      return putOutcome(doing, this.#place, condition, answer);
    } catch (error) {
      return putFailure(doing, this.#place, error, signal);
    }
  }

  async #probeCall(object: string, method: 'GET' | 'DELETE') {
    const request = {
      operation: 'probe',
      key: object,
      method,
      object: this.#root + object,
      repeatable: true,
    };
    return await this.#client.call(request).catch((error: unknown) => {
      throw failure({ action: method === 'GET' ? 'Reading' : 'Deleting', key: object }, this.#place, error);
    });
  }

  #targetOf(key: string): Target {
    return { client: this.#client, place: this.#place, key, object: this.#root + key };
  }

  #listTarget() {
    return { client: this.#client, place: this.#place, root: this.#root };
  }
}

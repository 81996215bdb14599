import { refuseAborted } from '../aborted.ts';
import type { Body, CallOptions, WriteOptions } from '../byte-store.ts';
import { codeOf, failure, refusal } from './answers.ts';
import type { S3Request } from './client.ts';
import { s3Failed } from './errors.ts';
import { cutParts } from './parts.ts';
import type { Target } from './reading.ts';
import type { HttpAnswer } from './transport.ts';
import { textOf } from './xml.ts';

/** Parts that are sent at the same time, while the next one is gathered. */
const PARTS_IN_FLIGHT = 2;

interface Sent {
  number: number;
  etag: string;
}

/**
 * Sends an object of unknown length in parts; `small` gets a body that one request can carry. At most three parts are held
 * in memory. What was begun and failed is aborted. https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 * @returns the number of bytes
 */
export async function uploadObject(
  target: Target,
  chunks: AsyncIterable<Uint8Array>,
  options: WriteOptions,
  small: (body: Body) => Promise<void>,
): Promise<number> {
  let upload: Multipart | undefined;
  try {
    for await (const { body, isLast } of cutParts(chunks)) {
      refuseAborted('Uploading', target.key, options);
      if (upload === undefined && isLast) {
        await small(body);
        return body.reduce((sum, part) => sum + part.length, 0);
      }
      upload ??= await Multipart.begin(target, options);
      await upload.add(body);
    }
    return (await upload?.complete()) ?? 0;
  } catch (error) {
    await upload?.abort();
    throw failure({ action: 'Uploading', key: target.key }, target.place, error, options.signal);
  }
}

class Multipart {
  readonly #target: Target;
  readonly #options: CallOptions;
  readonly #id: string;
  readonly #pending = new Set<Promise<void>>();
  readonly #sent: Sent[] = [];
  #failure: { error: unknown } | undefined;
  #parts = 0;
  #size = 0;

  constructor(target: Target, options: CallOptions, id: string) {
    this.#target = target;
    this.#options = options;
    this.#id = id;
  }

  static async begin(target: Target, { http, ...options }: WriteOptions): Promise<Multipart> {
    const query = [['uploads', '']] as const;
    const request = { method: 'POST', query, repeatable: true, headers: { ...http } } as const;
    const answer = await call(target, options, 'upload-begin', request);
    const id = textOf(answer.bytes.toString(), 'UploadId');
    if (answer.status !== 200 || id === undefined) throw refused(target, answer);
    return new Multipart(target, options, id);
  }

  /** Returns when the next part may be gathered. */
  async add(body: Body): Promise<void> {
    while (this.#pending.size >= PARTS_IN_FLIGHT) await Promise.race(this.#pending);
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#parts += 1;
    this.#size += body.reduce((sum, part) => sum + part.length, 0);
    const sending = this.#send(this.#parts, body).catch((error: unknown) => {
      this.#failure ??= { error };
    });
    const done = sending.then(() => {
      this.#pending.delete(done);
    });
    this.#pending.add(done);
  }

  /** @returns the size of the object */
  async complete(): Promise<number> {
    await Promise.all(this.#pending);
    if (this.#failure !== undefined) throw this.#failure.error;
    const sorted = this.#sent.toSorted((a, b) => a.number - b.number);
    const list = sorted.map(
      ({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`,
    );
    const body = [Buffer.from(`<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`)];
    const answer = await this.#call('upload-complete', { method: 'POST', body });
    const isDone = answer.status === 200 && answer.bytes.includes('<CompleteMultipartUploadResult');
    if (!isDone && !(await this.#isThere(answer))) throw refused(this.#target, answer);
    return this.#size;
  }

  /** As far as possible: what stays is left to `sweepUploads`. */
  async abort(): Promise<void> {
    await Promise.all(this.#pending);
    const request = { method: 'DELETE', query: [['uploadId', this.#id]], repeatable: true } as const;
    await call(this.#target, {}, 'upload-abort', request).catch(() => {});
  }

  async #send(number: number, body: Body): Promise<void> {
    const answer = await this.#call('upload-part', { method: 'PUT', body }, ['partNumber', String(number)]);
    const { etag } = answer.headers;
    if (answer.status !== 200 || etag === undefined) throw refused(this.#target, answer);
    this.#sent.push({ number, etag });
  }

  /** A completion whose answer was lost has completed the upload: the second one finds none. */
  async #isThere(answer: HttpAnswer): Promise<boolean> {
    if (codeOf(answer) !== 'NoSuchUpload') return false;
    const head = await call(this.#target, this.#options, 'head', { method: 'HEAD', repeatable: true });
    return head.status === 200 && Number(head.headers['content-length']) === this.#size;
  }

  #call(
    operation: string,
    request: Pick<S3Request, 'method' | 'body'>,
    ...query: [string, string][]
  ): Promise<HttpAnswer> {
    return call(this.#target, this.#options, operation, {
      ...request,
      query: [...query, ['uploadId', this.#id]],
      repeatable: true,
    });
  }
}

function call(
  { client, key, object }: Target,
  { signal }: CallOptions,
  operation: string,
  request: Pick<S3Request, 'method' | 'body' | 'query' | 'repeatable' | 'headers'>,
): Promise<HttpAnswer> {
  return client.call({ ...request, operation, key, object, signal });
}

/** A completion may answer 200 and have failed all the same. */
function refused({ key, place }: Target, answer: HttpAnswer): Error {
  const doing = { action: 'Uploading', key };
  if (answer.status !== 200) return refusal(doing, place, answer);
  const code = textOf(answer.bytes.toString(), 'Code') ?? 'no S3 answer';
  return s3Failed(doing, place, `${place.endpoint} answered 200 with ${code}`);
}

import { refuseAborted } from '../aborted.ts';
import type { Body, CallOptions, WriteOptions } from '../byte-store.ts';
import { failure } from './answers.ts';
import { beginUpload, completeUpload, type SentPart, uploadCall, uploadRefused } from './multipart-calls.ts';
import { cutParts } from './parts.ts';
import type { Target } from './reading.ts';

/** Parts that are sent at the same time, while the next one is gathered. */
const PARTS_IN_FLIGHT = 2;

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
  readonly #sent: SentPart[] = [];
  #failure: { error: unknown } | undefined;
  #parts = 0;
  #size = 0;

  constructor(target: Target, options: CallOptions, id: string) {
    this.#target = target;
    this.#options = options;
    this.#id = id;
  }

  static async begin(target: Target, { http, ...options }: WriteOptions): Promise<Multipart> {
    const id = await beginUpload(target, { ...options, ...(http === undefined ? {} : { http }) });
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
    const whole = { id: this.#id, parts: this.#sent, size: this.#size };
    await completeUpload(this.#target, this.#options, whole);
    return this.#size;
  }

  /** As far as possible: what stays is left to `sweepUploads`. */
  async abort(): Promise<void> {
    await Promise.all(this.#pending);
    await uploadCall(this.#target, {}, 'upload-abort', this.#id, { method: 'DELETE' }).catch(() => {});
  }

  async #send(number: number, body: Body): Promise<void> {
    const query = [['partNumber', String(number)]] as const;
    const request = { method: 'PUT', body, query } as const;
    const answer = await uploadCall(this.#target, this.#options, 'upload-part', this.#id, request);
    const { etag } = answer.headers;
    if (answer.status !== 200 || etag === undefined) throw uploadRefused(this.#target, answer);
    this.#sent.push({ number, etag });
  }
}

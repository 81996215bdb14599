import { PassThrough, type Readable } from 'node:stream';
import type { FunctionError } from './function-error.ts';

/** An answer from the moment that its kind is known. */
export interface OpenAnswer {
  isStreamed: boolean;
  contentType: string;
  /** Set when this is a failure in place of an answer; the body is then the error as JSON. */
  error: FunctionError | undefined;
  /** To be read to its end, or the function waits. */
  body: Readable;
}

/** How an answer ended. */
export interface Ending {
  /** Set when the function failed; where the answer had begun, what was sent of it stands. */
  error: FunctionError | undefined;
  /** `performance.now()` of the last byte. */
  atMs: number;
}

/** The answer to one event while it arrives. Whatever comes after the end is ignored. */
export class Exchange {
  readonly requestId: string;
  readonly #opened = Promise.withResolvers<OpenAnswer>();
  readonly #ended = Promise.withResolvers<Ending>();
  readonly #body = new PassThrough();
  #state: 'waiting' | 'open' | 'ended' = 'waiting';

  constructor(requestId: string) {
    this.requestId = requestId;
  }

  /** For a stream, with its first byte. */
  get opened(): Promise<OpenAnswer> {
    return this.#opened.promise;
  }

  get ended(): Promise<Ending> {
    return this.#ended.promise;
  }

  get state(): 'waiting' | 'open' | 'ended' {
    return this.#state;
  }

  /** A whole answer. */
  answer(bytes: Buffer, contentType: string): void {
    if (this.#state !== 'waiting') return;
    this.#open({ isStreamed: false, contentType, error: undefined });
    this.#body.write(bytes);
    this.end();
  }

  /** A stream begins. */
  begin(contentType: string): void {
    if (this.#state === 'waiting') this.#open({ isStreamed: true, contentType, error: undefined });
  }

  /** Part of a stream. Resolves when there is room for more. */
  async write(chunk: Buffer): Promise<void> {
    if (this.#state !== 'open' || this.#body.write(chunk)) return;
    const drained = new Promise(resolve => this.#body.once('drain', resolve));
    await Promise.race([drained, this.ended]);
  }

  /** The stream is over. */
  end(error?: FunctionError): void {
    if (this.#state !== 'open') return;
    this.#state = 'ended';
    this.#body.end();
    this.#ended.resolve({ error, atMs: performance.now() });
  }

  /** The function failed, before an answer or in the middle of it. */
  fail(error: FunctionError): void {
    if (this.#state === 'waiting') {
      this.#open({ isStreamed: false, contentType: 'application/json', error });
      this.#body.write(JSON.stringify(error));
    }
    this.end(error);
  }

  #open(answer: Omit<OpenAnswer, 'body'>): void {
    this.#state = 'open';
    this.#opened.resolve({ ...answer, body: this.#body });
  }
}

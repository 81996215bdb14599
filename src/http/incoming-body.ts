import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Gatherable } from '../core/streams.ts';

/**
 * The body of a request that node:http received. Nothing of it is asked for before it is read: a client that waits for
 * `100 Continue` gets it then. A reader that stops early leaves the connection alone, the refusal has yet to be sent.
 */
export class IncomingBody implements Gatherable {
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  readonly #expects: boolean;
  #isStreamed = false;

  constructor(incoming: IncomingMessage, outgoing: ServerResponse, expects: boolean) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#expects = expects;
  }

  /** True when it is read as it comes: then it may be of any length. */
  get isStreamed(): boolean {
    return this.#isStreamed;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    this.#isStreamed = true;
    if (this.#expects) this.#outgoing.writeContinue();
    return this.#incoming.iterator({ destroyOnReturn: false });
  }

  /** With events: an asynchronous iterator over a stream costs more than the rest of a small request. */
  gather(maxBytes: number): Promise<Buffer | undefined> {
    if (this.#expects) this.#outgoing.writeContinue();
    const incoming = this.#incoming;
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let length = 0;
      incoming.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= maxBytes) chunks.push(chunk);
        else resolve(undefined);
      });
      incoming.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
      incoming.on('error', reject);
      incoming.on('close', () => reject(new Error('The connection was closed')));
    });
  }
}

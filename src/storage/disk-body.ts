import { fsync, writev, writevSync } from 'node:fs';
import type { Body } from './byte-store.ts';

const buffersPerCall = 512;

/** Writes all bytes of `body` to a new file. */
export function writeBody(fd: number, body: Body): void {
  const rest = new UnwrittenBody(body);
  for (let batch = rest.next(); batch.length > 0; batch = rest.next()) rest.advance(writevSync(fd, batch));
}

/** The same, without holding up what else this process does: for large bodies. */
export async function writeBodyAside(fd: number, body: Body): Promise<void> {
  const rest = new UnwrittenBody(body);
  for (let batch = rest.next(); batch.length > 0; batch = rest.next()) {
    rest.advance(await writevAside(fd, batch));
  }
}

/** Makes what was written durable, in the same way. */
export function syncAside(fd: number): Promise<void> {
  return new Promise<void>((resolve, reject) => fsync(fd, error => (error ? reject(error) : resolve())));
}

function writevAside(fd: number, batch: Uint8Array[]): Promise<number> {
  return new Promise((resolve, reject) => {
    writev(fd, batch, (error, written) => (error ? reject(error) : resolve(written)));
  });
}

/** What is left of a body: a write may take fewer bytes than it is given, and a call takes so many buffers. */
class UnwrittenBody {
  readonly #parts: Uint8Array[];
  #first = 0;

  constructor(body: Body) {
    this.#parts = body.filter(part => part.length > 0);
  }

  /** The buffers for the next call; none when everything is written. */
  next(): Uint8Array[] {
    return this.#parts.slice(this.#first, this.#first + buffersPerCall);
  }

  advance(written: number): void {
    let count = written;
    for (let part = this.#parts[this.#first]; part !== undefined && count > 0; ) {
      if (count < part.length) {
        this.#parts[this.#first] = part.subarray(count);
        return;
      }
      count -= part.length;
      this.#first += 1;
      part = this.#parts[this.#first];
    }
  }
}

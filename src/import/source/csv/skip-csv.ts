import type { RecordSkipper } from '../record-cutter.ts';

const LF = 10;
const CR = 13;
const QUOTE = 34;

/** Goes byte by byte to the end of a record that is too large to be held. */
export class CsvSkipper implements RecordSkipper {
  readonly #delimiter: number;
  #state: 'cell' | 'plain' | 'quoted' | 'quote' | 'cr' = 'cell';
  #taken = 0;
  #lineEnd: number | undefined;

  constructor(delimiter: number) {
    this.#delimiter = delimiter;
  }

  atEnd(): number | undefined {
    return this.#state === 'quoted' ? (this.#lineEnd ?? this.#taken) : undefined;
  }

  take(chunk: Uint8Array): number {
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (this.#state === 'cr') return byte === LF ? at + 1 : at;
      if (byte === LF) this.#lineEnd ??= this.#taken + at + 1;
      if (this.#state === 'quoted') {
        if (byte === QUOTE) this.#state = 'quote';
      } else if (this.#state === 'quote' && byte === QUOTE) this.#state = 'quoted';
      else if (byte === LF) return at + 1;
      else this.#state = this.#after(byte);
    }
    this.#taken += chunk.length;
    return -1;
  }

  #after(byte: number): 'cell' | 'plain' | 'quoted' | 'cr' {
    if (byte === CR) return 'cr';
    if (byte === QUOTE && this.#state === 'cell') return 'quoted';
    return byte === this.#delimiter ? 'cell' : 'plain';
  }
}

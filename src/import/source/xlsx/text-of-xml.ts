/** What Excel writes for characters that XML cannot hold (ECMA-376, part 1, 22.9.2.19): `_x000D_`. */
const ESCAPED = /_x([0-9A-Fa-f]{4})_/g;

export function unescaped(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(ESCAPED, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Gathers text up to a bound, and then only knows that it was more. */
export class BoundedText {
  readonly #maxBytes: number;
  #text = '';
  #isOver = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(text: string): void {
    if (this.#isOver) return;
    this.#text += text;
    if (this.#text.length * 3 <= this.#maxBytes) return;
    this.#isOver = Buffer.byteLength(this.#text) > this.#maxBytes;
    if (this.#isOver) this.#text = '';
  }

  /** What was gathered since the last time; undefined: more than the bound. */
  take(): string | undefined {
    const taken = this.#isOver ? undefined : this.#text;
    this.#text = '';
    this.#isOver = false;
    return taken;
  }
}

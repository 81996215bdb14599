const LF = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
/** No string of JSON may hold it, and so none that holds a line's end is taken for valid. */
const INVALID = 1;

/** Looks for the end of an element of an array, and makes one line of it in place. */
export class ElementScan {
  #depth = 0;
  #isString = false;
  #isEscaped = false;

  /** Position of the comma or bracket behind the element; -1: it goes on behind the bytes. */
  endFrom(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === LF || byte === CR) bytes[at] = this.#isString ? INVALID : SPACE;
      if (this.#isString) this.#inString(byte);
      else if (this.#depth === 0 && (byte === COMMA || byte === CLOSE_LIST)) return at;
      else if (byte === QUOTE) this.#isString = true;
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#depth += 1;
      // An unbalanced one is found when the element is parsed.
      else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) this.#depth = Math.max(0, this.#depth - 1);
    }
    return -1;
  }

  #inString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isString = false;
  }
}

import { sourceUnsupported } from '../../errors.ts';
import { readXml, type XmlHandler } from './read-xml.ts';
import { StringTable } from './string-table.ts';
import { BoundedText, unescaped } from './text-of-xml.ts';
import type { ZippedDocument } from './zip-file.ts';

/** Eight bytes of memory each. */
const MAX_STRINGS = 8_000_000;
/** They lie in a file without a name meanwhile. */
const MAX_STRING_BYTES = 4 * 2 ** 30;

/**
 * Reads the strings that cells name by their number (ECMA-376, part 1, 18.4). The caller closes the table.
 * @throws KittiwakeError `source_unsupported` for too many, `source_corrupt`, `source_unsafe`
 */
export async function readSharedStrings(
  source: string,
  document: ZippedDocument,
  options: {
    file: string | undefined;
    maxCellBytes: number;
    /** Of all of them. Default 4 GiB. */
    maxBytes?: number;
    signal?: AbortSignal | undefined;
  },
): Promise<StringTable> {
  const table = new StringTable();
  const { file, maxCellBytes, maxBytes = MAX_STRING_BYTES, signal } = options;
  if (file === undefined || document.size(file) === undefined) return table;
  try {
    const handler = new StringHandler(table, maxCellBytes);
    for await (const _ of readXml(source, document.read(file), handler)) {
      signal?.throwIfAborted();
      if (table.count > MAX_STRINGS)
        throw sourceUnsupported(source, `it has more than ${MAX_STRINGS} different texts; save it as CSV`);
      if (table.bytes > maxBytes)
        throw sourceUnsupported(source, `its texts have more than ${maxBytes} bytes; save it as CSV`);
    }
    return table;
  } catch (error) {
    table.close();
    throw error;
  }
}

class StringHandler implements XmlHandler {
  readonly #table: StringTable;
  readonly #text: BoundedText;
  #isText = false;
  #isPhonetic = false;

  constructor(table: StringTable, maxBytes: number) {
    this.#table = table;
    this.#text = new BoundedText(maxBytes);
  }

  open(name: string): void {
    if (name === 'si') this.#text.take();
    // How a text is spoken is no part of it.
    else if (name === 'rPh') this.#isPhonetic = true;
    else if (name === 't') this.#isText = !this.#isPhonetic;
  }

  text(text: string): void {
    if (this.#isText) this.#text.add(text);
  }

  close(name: string): void {
    if (name === 't') this.#isText = false;
    else if (name === 'rPh') this.#isPhonetic = false;
    else if (name === 'si') {
      const text = this.#text.take();
      this.#table.add(text === undefined ? undefined : unescaped(text));
    }
  }
}

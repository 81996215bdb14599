/** Names of one folder by what file systems that know no case, or other Unicode forms, take them for. */
export class FoldedNames {
  readonly #names = new Map<string, string>();

  add(name: string): void {
    this.#names.set(folded(name), name);
  }

  /** A name that was added and is another one only in case or Unicode form. */
  other(name: string): string | undefined {
    const known = this.#names.get(folded(name));
    return known === name ? undefined : known;
  }
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase().normalize('NFC');
}

/** True for bytes without upper case and of ASCII alone: two such names are the same only when they are equal. */
export function isPlainName(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte >= 0x80 || (byte >= 0x41 && byte <= 0x5a)) return false;
  }
  return true;
}

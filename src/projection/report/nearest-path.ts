/** Edits between two paths at most; a page of the same name elsewhere is near, too. */
const MAX_EDITS = 2;

interface Known {
  path: string;
  /** Lower-cased, without `.md`. */
  key: string;
  /** Bits for the letters in it. */
  letters: number;
}

/** Finds the path that somebody may have meant. */
export class NearestPath {
  readonly #known: readonly Known[];
  readonly #byName = new Map<string, string>();

  /** @param paths by what links to them say */
  constructor(paths: ReadonlyMap<string, string>) {
    this.#known = Array.from(paths, ([key, path]) => ({ path, key, letters: lettersOf(key) }));
    for (const [key, path] of paths) {
      const name = nameOf(key);
      if (!this.#byName.has(name)) this.#byName.set(name, path);
    }
  }

  /** The path with the fewest edits, at most two and fewer than half of its letters; else the page of that name in another folder. */
  of(key: string): string | undefined {
    const letters = lettersOf(key);
    let best: { path: string; edits: number } | undefined;
    for (const known of this.#known) {
      const most = Math.min(MAX_EDITS, (best?.edits ?? MAX_EDITS + 1) - 1, Math.floor((key.length - 1) / 2));
      if (Math.abs(known.key.length - key.length) > most) continue;
      // An edit changes two letters at most.
      if (countBits(known.letters ^ letters) > 2 * most) continue;
      const edits = editsBetween(key, known.key, most);
      if (edits <= most) best = { path: known.path, edits };
    }
    return best?.path ?? this.#byName.get(nameOf(key));
  }
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

function lettersOf(text: string): number {
  let bits = 0;
  for (let at = 0; at < text.length; at += 1) bits |= 1 << (text.charCodeAt(at) & 31);
  return bits;
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** Levenshtein's distance; more than `most` where it is. */
function editsBetween(a: string, b: string, most: number): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    if (Math.min(...next) > most) return most + 1;
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Things whose names begin with the same characters. */
export interface Group<T> {
  /** What their names begin with. */
  prefix: string;
  items: readonly T[];
}

/**
 * Groups things by the start of their names: as short as possible, so that no group has more than `most`. Which groups there are
 * follows from the names alone, not from the order in which things came; a thing more or less changes its own group, or parts one
 * or joins some. Groups come in order of their prefixes; things stay in theirs.
 * @param least characters that a prefix has at least, where the names have so many
 */
export function groupBy<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  most: number,
  least = 0,
): Group<T>[] {
  const groups: Group<T>[] = [];
  const part = (prefix: string, some: readonly T[]) => {
    const length = prefix.length;
    // Names that end here cannot be parted any further.
    const ended = some.filter(item => nameOf(item).length <= length);
    const isWhole = length >= least && some.length <= most;
    if (isWhole || ended.length === some.length) {
      if (some.length > 0) groups.push({ prefix, items: some });
      return;
    }
    if (ended.length > 0) groups.push({ prefix: `${prefix} `, items: ended });
    const byNext = new Map<string, T[]>();
    for (const item of some) {
      const name = nameOf(item);
      if (name.length <= length) continue;
      const next = name.slice(0, length + 1);
      const known = byNext.get(next);
      if (known) known.push(item);
      else byNext.set(next, [item]);
    }
    for (const next of [...byNext.keys()].sort()) part(next, byNext.get(next) ?? []);
  };
  part('', items);
  return groups;
}

/** Characters of a title by which pages are grouped. */
const MAX_LABEL = 12;

/** The start of a title as it is grouped by: letters and digits, without accents, in capitals; `#` for all else. */
export function titleLabel(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[\u{10000}-\u{10ffff}]/gu, '#');
  const words = plain.replace(/[^\p{L}\p{N}#]+/gu, ' ').trim();
  const units = words === '' ? '#' : words;
  return [...units].slice(0, MAX_LABEL).join('').replace(/ /g, '_');
}

/** Of one term; more make the candidates hardly fewer. */
const MAX_TRIGRAMS = 12;

/**
 * The FTS5 expression that finds every page which holds one of the terms, and some that do not: pages with all the
 * trigrams of a term. The index keeps no positions, which halves its size and the time to build it.
 * @returns undefined when a term is shorter than three characters, which no trigram finds
 */
export function trigramMatch(terms: readonly string[]): string | undefined {
  const groups: string[] = [];
  for (const term of new Set(terms)) {
    const characters = [...trigramText(term)];
    if (characters.length < 3) return undefined;
    groups.push(`(${trigrams(characters).map(quote).join(' AND ')})`);
  }
  return groups.join(' OR ');
}

/** Text as the tokenizer gets it: it would end, or skip, at NUL. */
export function trigramText(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

/** All of them, or as many as allowed, evenly spread. */
function trigrams(characters: readonly string[]): string[] {
  const last = characters.length - 3;
  const count = Math.min(last + 1, MAX_TRIGRAMS);
  const found = new Set<string>();
  for (let index = 0; index < count; index += 1) {
    const at = count === 1 ? 0 : Math.round((index * last) / (count - 1));
    found.add(characters.slice(at, at + 3).join(''));
  }
  return [...found];
}

/** A string of FTS5's query syntax, in which nothing but the quote is special. */
function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

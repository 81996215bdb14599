/** Ranked search written down as plainly as possible: over words that the pages are made of, with BM25 as books have it. */

export interface NaivePage {
  path: string;
  title: string[];
  /** Each is a heading of its own. */
  headings: string[];
  body: string[];
  tags: string[];
}

export type NaiveQuery =
  | { kind: 'phrase'; field: 'any' | 'title' | 'heading'; words: string[]; prefix: boolean }
  | { kind: 'tag'; tag: string }
  | { kind: 'path'; path: string }
  | { kind: 'and' | 'or'; parts: NaiveQuery[] }
  | { kind: 'not'; part: NaiveQuery };

export interface NaiveHit {
  path: string;
  score: number;
}

/** The query as a user writes it. */
export function written(query: NaiveQuery): string {
  if (query.kind === 'phrase') {
    const field = query.field === 'any' ? '' : `${query.field}:`;
    return `${field}"${query.words.join(' ')}"${query.prefix ? '*' : ''}`;
  }
  if (query.kind === 'tag') return `tag:${query.tag}`;
  if (query.kind === 'path') return `path:${query.path}`;
  if (query.kind === 'not') return `-(${written(query.part)})`;
  return `(${query.parts.map(written).join(query.kind === 'or' ? ' OR ' : ' ')})`;
}

export function naiveSearch(pages: readonly NaivePage[], query: NaiveQuery): NaiveHit[] {
  const average = pages.reduce((sum, page) => sum + length(page), 0) / pages.length;
  const phrases = new Map(wanted(query).map(phrase => [written(phrase), phrase]));
  const hits = pages
    .filter(page => matches(page, query))
    .map(page => {
      let score = 0;
      for (const phrase of phrases.values()) {
        const found = pages.filter(each => frequency(each, phrase) > 0).length;
        const rarity = Math.log(1 + (pages.length - found + 0.5) / (found + 0.5));
        const times = frequency(page, phrase);
        const norm = 1.2 * (0.25 + (0.75 * length(page)) / (average || 1));
        score += (rarity * times * 2.2) / (times + norm);
      }
      return { path: page.path, score };
    });
  return hits.sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1));
}

type Phrase = Extract<NaiveQuery, { kind: 'phrase' }>;

function wanted(query: NaiveQuery): Phrase[] {
  if (query.kind === 'phrase') return [query];
  return query.kind === 'and' || query.kind === 'or' ? query.parts.flatMap(wanted) : [];
}

function matches(page: NaivePage, query: NaiveQuery): boolean {
  if (query.kind === 'phrase') return frequency(page, query) > 0;
  if (query.kind === 'tag') return page.tags.includes(query.tag);
  if (query.kind === 'path') return `${page.path}/`.startsWith(`${query.path}/`);
  if (query.kind === 'not') return !matches(page, query.part);
  const [all, some] = [
    query.parts.every(part => matches(page, part)),
    query.parts.some(part => matches(page, part)),
  ];
  return query.kind === 'and' ? all : some;
}

function length({ title, headings, body }: NaivePage): number {
  return title.length + 2 * headings.length + body.length;
}

function frequency(page: NaivePage, { field, words, prefix }: Phrase): number {
  const { title, headings, body } = page;
  const columns = { title: { of: title, weight: 8 }, heading: { of: headings, weight: 3 } };
  if (field !== 'any') return columns[field].weight * times(columns[field].of, words, prefix);
  const text = [...headings, ...body];
  return 8 * times(title, words, prefix) + 3 * times(headings, words, prefix) + times(text, words, prefix);
}

function times(of: readonly string[], words: readonly string[], prefix: boolean): number {
  let count = 0;
  for (let at = 0; at + words.length <= of.length; at += 1) {
    const part = of.slice(at, at + words.length);
    const whole = words.slice(0, -1).every((word, index) => part[index] === word);
    const [last, sought] = [part.at(-1) ?? '', words.at(-1) ?? ''];
    if (whole && (prefix ? last.startsWith(sought) : last === sought)) count += 1;
  }
  return count;
}

/** A small generator of equal numbers for equal seeds: mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** On every page. */
export const COMMON_TERM = 'seabird';
/** On one page of a hundred: those whose number ends in 50. */
export const RARE_TERM = 'ptarmigan';
/** A term of two characters, on the same pages; no word of the vocabulary holds it. */
export const SHORT_TERM = 'xq';

const SYLLABLES =
  'ba be bi bo ca ce co da de di do fa fe fi ga go ha he hi la le li lo ma me mi mo na ne ni no pa pe po ra re ri ro sa se si so ta te ti to va ve vi wa we'.split(
    ' ',
  );
const ENDINGS = ['', 'n', 'r', 's', 't', 'l', 'nd', 'st', 'ng', 'm'];

const VOCABULARY = makeVocabulary(4_000);

function makeVocabulary(size: number): string[] {
  const random = seededRandom(1);
  const words = new Set<string>();
  while (words.size < size) {
    const count = 1 + Math.floor(random() * 3);
    const syllables = Array.from({ length: count }, () => pick(SYLLABLES, random()));
    words.add(syllables.join('') + pick(ENDINGS, random()));
  }
  return [...words];
}

function pick(list: readonly string[], at: number): string {
  return list[Math.floor(at * list.length)] ?? '';
}

export interface PageTextOptions {
  /** Equal seeds give equal texts. */
  seed: number;
  /** About so long, in bytes. */
  bytes: number;
  /** Paths of pages that it links to, as the API shows them. */
  links?: readonly string[];
  /** Terms that it holds besides {@link COMMON_TERM}. */
  terms?: readonly string[];
}

/** A page as people write them: frontmatter, headings, paragraphs with links, a list, a table and code. */
export function pageText({ seed, bytes, links = [], terms = [] }: PageTextOptions): string {
  const random = seededRandom(seed);
  const parts = [
    `---\ntitle: ${title(random)}\ntags: [${words(2, random).join(', ')}]\n---\n\n# ${title(random)}\n`,
  ];
  const linked = links.map((path, index) =>
    index % 2 === 0 ? `[[${path}]]` : `[${words(2, random).join(' ')}](/${path})`,
  );
  const special = [COMMON_TERM, ...terms, ...linked];
  let length = 120;
  for (let block = 0; length < bytes || special.length > 0; block += 1) {
    const text = makeBlock(block, special.splice(0, 3), random);
    parts.push(text);
    length += text.length;
  }
  return parts.join('\n');
}

function makeBlock(block: number, special: readonly string[], random: () => number): string {
  if (special.length === 0 && block % 5 === 2) return list(random);
  if (special.length === 0 && block % 11 === 7) return table(random);
  if (special.length === 0 && block % 13 === 9) return `\`\`\`\n${words(8, random).join(' = ')}\n\`\`\`\n`;
  const heading = block % 4 === 1 ? `## ${title(random)}\n\n` : '';
  return `${heading}${paragraph(special, random)}\n`;
}

function words(count: number, random: () => number): string[] {
  // The square makes some words far more frequent than others, as in any language.
  return Array.from({ length: count }, () => pick(VOCABULARY, random() ** 2));
}

function title(random: () => number): string {
  const [first = '', ...rest] = words(3, random);
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(' ');
}

function paragraph(special: readonly string[], random: () => number): string {
  const sentences = Array.from({ length: 3 }, () => `${title(random)} ${words(8, random).join(' ')}`);
  return `${[...sentences, ...special.map(each => `${title(random)} ${each}`)].join('. ')}.`;
}

function list(random: () => number): string {
  return `${Array.from({ length: 4 }, () => `- **${title(random)}** ${words(5, random).join(' ')}`).join('\n')}\n`;
}

function table(random: () => number): string {
  const rows = Array.from({ length: 3 }, () => `| ${words(3, random).join(' | ')} |`);
  return `| a | b | c |\n|---|---|---|\n${rows.join('\n')}\n`;
}

/** The text after a small edit, as most edits are: one new sentence, another for each number. */
export function revised(text: string, number: number): string {
  const random = seededRandom(number);
  return `${text}\nRevision ${number}: ${title(random)} ${words(10, random).join(' ')}.\n`;
}

/** A regular expression as a tree. */
export type Node =
  | { kind: 'char'; matches: CharTest }
  | { kind: 'start' | 'end' }
  | { kind: 'row'; nodes: readonly Node[] }
  | { kind: 'choice'; nodes: readonly Node[] }
  | { kind: 'repeat'; node: Node; min: number; max: number };

/** Given a code point. */
export type CharTest = (code: number) => boolean;

const MAX_DEPTH = 32;
const MAX_REPEAT = 500;

/**
 * The part of JavaScript's regular expressions that can be matched in time linear in the text: characters, `.`, classes, `\d \w \s` and
 * their opposites, `^`, `$`, groups, `|`, `* + ? {n,m}`. No look-around, no references, no `\b`. `(?i)` at the beginning: case does not
 * matter.
 * @param wrong throws, told what would be right
 */
export function parsePatternText(source: string, wrong: (wanted: string) => never): Node {
  const ignoreCase = source.startsWith('(?i)');
  const parser = new PatternParser(ignoreCase ? source.slice(4) : source, ignoreCase, wrong);
  return parser.whole();
}

class PatternParser {
  readonly #chars: readonly string[];
  readonly #ignoreCase: boolean;
  readonly #wrong: (wanted: string) => never;
  #at = 0;
  #depth = 0;

  constructor(source: string, ignoreCase: boolean, wrong: (wanted: string) => never) {
    this.#chars = [...source];
    this.#ignoreCase = ignoreCase;
    this.#wrong = wrong;
  }

  whole(): Node {
    const node = this.#choice();
    return this.#at === this.#chars.length
      ? node
      : this.#wrong('a group that is closed must have been opened');
  }

  #choice(): Node {
    const nodes = [this.#row()];
    while (this.#take('|')) nodes.push(this.#row());
    return nodes.length === 1 ? (nodes[0] as Node) : { kind: 'choice', nodes };
  }

  #row(): Node {
    const nodes: Node[] = [];
    for (;;) {
      const char = this.#chars[this.#at];
      if (char === undefined || char === '|' || char === ')') return { kind: 'row', nodes };
      nodes.push(this.#repeated(this.#single()));
    }
  }

  #single(): Node {
    const char = this.#chars[this.#at] as string;
    this.#at += 1;
    if (char === '(') return this.#group();
    if (char === '[') return { kind: 'char', matches: this.#folded(this.#class()) };
    if (char === '.')
      return {
        kind: 'char',
        matches: code => code !== 10 && code !== 13 && code !== 0x2028 && code !== 0x2029,
      };
    if (char === '^') return { kind: 'start' };
    if (char === '$') return { kind: 'end' };
    if ('*+?{'.includes(char))
      return this.#wrong(`"${char}" in a pattern must follow what is to be repeated`);
    return { kind: 'char', matches: this.#folded(char === '\\' ? this.#escape() : is(codeOf(char))) };
  }

  #group(): Node {
    if (this.#take('?') && !this.#take(':')) return this.#wrong('a group in a pattern must be (…) or (?:…)');
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#wrong(`groups in a pattern must be nested ${MAX_DEPTH} deep at most`);
    const node = this.#choice();
    this.#depth -= 1;
    return this.#take(')') ? node : this.#wrong('a group in a pattern must be closed');
  }

  #repeated(node: Node): Node {
    const bounds = this.#bounds();
    if (bounds === undefined) return node;
    if (node.kind === 'start' || node.kind === 'end')
      return this.#wrong('^ and $ in a pattern must not be repeated');
    // Whether as few as possible or as many makes no difference to whether there is a match.
    this.#take('?');
    if (this.#bounds() !== undefined)
      return this.#wrong('a repetition in a pattern must not be repeated without a group');
    return { kind: 'repeat', node, ...bounds };
  }

  #bounds(): { min: number; max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (this.#take('+')) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.#take('?')) return { min: 0, max: 1 };
    if (!this.#take('{')) return undefined;
    const min = this.#integer();
    const max = this.#take(',')
      ? this.#chars[this.#at] === '}'
        ? Number.POSITIVE_INFINITY
        : this.#integer()
      : min;
    if (!this.#take('}') || max < min)
      return this.#wrong('a repetition in a pattern must be {n}, {n,} or {n,m}');
    return { min, max };
  }

  #integer(): number {
    let digits = '';
    while (/^[0-9]$/.test(this.#chars[this.#at] ?? '')) digits += this.#chars[this.#at++];
    const value = Number(digits);
    if (digits === '' || value > MAX_REPEAT)
      return this.#wrong(`a repetition in a pattern must be at most ${MAX_REPEAT}`);
    return value;
  }

  #class(): CharTest {
    const isNegated = this.#take('^');
    const tests: CharTest[] = [];
    while (!this.#take(']')) {
      if (this.#at >= this.#chars.length) return this.#wrong('"]" must close a class of a pattern');
      tests.push(this.#member());
    }
    return code => tests.some(test => test(code)) !== isNegated;
  }

  #member(): CharTest {
    const from = this.#member1();
    if (typeof from === 'function') return from;
    const isRange =
      this.#chars[this.#at] === '-' && this.#chars[this.#at + 1] !== ']' && this.#at + 1 < this.#chars.length;
    if (!isRange) return is(from);
    this.#at += 1;
    const to = this.#member1();
    if (typeof to === 'function' || to < from)
      return this.#wrong('a range in a pattern must go from a character to a later one');
    return code => code >= from && code <= to;
  }

  #member1(): number | CharTest {
    const char = this.#chars[this.#at] as string;
    this.#at += 1;
    if (char !== '\\') return codeOf(char);
    const kind = KINDS[this.#chars[this.#at] ?? ''];
    return kind === undefined ? this.#escapedCode() : this.#kind(kind);
  }

  #escape(): CharTest {
    const kind = KINDS[this.#chars[this.#at] ?? ''];
    return kind === undefined ? is(this.#escapedCode()) : this.#kind(kind);
  }

  #kind(kind: CharTest): CharTest {
    this.#at += 1;
    return kind;
  }

  #escapedCode(): number {
    const char = this.#chars[this.#at] ?? '';
    this.#at += 1;
    const code = CONTROLS[char];
    if (code !== undefined) return code;
    if (char === '' || /^[\p{L}\p{N}]$/u.test(char))
      return this.#wrong(`"\\${char}" in a pattern has no meaning here`);
    return codeOf(char);
  }

  #take(char: string): boolean {
    if (this.#chars[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #folded(matches: CharTest): CharTest {
    if (!this.#ignoreCase) return matches;
    return code => {
      const char = String.fromCodePoint(code);
      return matches(code) || matches(codeOf(char.toLowerCase())) || matches(codeOf(char.toUpperCase()));
    };
  }
}

const isDigit: CharTest = code => code >= 48 && code <= 57;
const isWord: CharTest = code =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
const isSpace: CharTest = code => /^\s$/.test(String.fromCodePoint(code));
const KINDS: Readonly<Record<string, CharTest>> = {
  d: isDigit,
  w: isWord,
  s: isSpace,
  D: code => !isDigit(code),
  W: code => !isWord(code),
  S: code => !isSpace(code),
};
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11 };

function is(wanted: number): CharTest {
  return code => code === wanted;
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}

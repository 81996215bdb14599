import { syntaxWrong } from '../errors.ts';

/** Reads a small text from left to right: templates and filter expressions. */
export class Scanner {
  readonly text: string;
  readonly #what: string;
  index = 0;

  /** @param what the text is, for errors */
  constructor(what: string, text: string) {
    this.#what = what;
    this.text = text;
  }

  /** @param wanted what would be right here */
  wrong(wanted: string, index = this.index): never {
    throw syntaxWrong(this.#what, this.text, index, wanted);
  }

  get atEnd(): boolean {
    return this.index >= this.text.length;
  }

  space(): void {
    while (this.index < this.text.length && ' \t\r\n'.includes(this.text[this.index] as string))
      this.index += 1;
  }

  /** Takes `token` if it stands here. */
  take(token: string): boolean {
    if (!this.text.startsWith(token, this.index)) return false;
    this.index += token.length;
    return true;
  }

  /** A run of characters that `belongs` accepts; may be empty. */
  run(belongs: (char: string) => boolean): string {
    const start = this.index;
    while (this.index < this.text.length && belongs(this.text[this.index] as string)) this.index += 1;
    return this.text.slice(start, this.index);
  }

  /** Text in quotes of either kind, if it stands here; `\` makes the next character plain, `\n` and `\t` are what they are elsewhere. */
  quoted(): string | undefined {
    const quote = this.text[this.index];
    if (quote !== '"' && quote !== "'") return undefined;
    const start = this.index;
    let value = '';
    for (this.index += 1; this.index < this.text.length; this.index += 1) {
      const char = this.text[this.index] as string;
      if (char === quote) {
        this.index += 1;
        return value;
      }
      if (char === '\\') this.index += 1;
      value += char === '\\' ? unescaped(this.text[this.index] ?? '') : char;
    }
    return this.wrong('the quote must be closed', start);
  }

  /** The name of a column in brackets, if it stands here: `[Page title]`. */
  bracketed(): string | undefined {
    if (this.text[this.index] !== '[') return undefined;
    const end = this.text.indexOf(']', this.index);
    if (end < 0) return this.wrong('"]" must close the name of the column');
    const name = this.text.slice(this.index + 1, end);
    this.index = end + 1;
    return name;
  }

  /** A number of JSON without exponent, if one stands here. */
  number(): number | undefined {
    const start = this.index;
    this.take('-');
    const digits = this.run(isDigit);
    if (digits !== '' && this.text[this.index] === '.' && isDigit(this.text[this.index + 1] ?? '')) {
      this.index += 1;
      this.run(isDigit);
    }
    if (digits !== '') return Number(this.text.slice(start, this.index));
    this.index = start;
    return undefined;
  }
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9';
}

function unescaped(char: string): string {
  if (char === 'n') return '\n';
  return char === 't' ? '\t' : char;
}

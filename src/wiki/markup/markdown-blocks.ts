/**
 * Which parts of a Markdown text hold running text, and which hold code or comments. Follows the block rules of
 * CommonMark closely enough for links: fences, indented code, HTML comments, quotes and lists.
 */
export interface TextRange {
  start: number;
  end: number;
  /** A line `[label]: destination`: where the destination begins. */
  definition?: number;
}

interface Fence {
  char: string;
  length: number;
  /** Column of the innermost list item it stands in. */
  base: number;
  quoted: boolean;
}

const FENCE = /^(?:(`{3,})[^`]*|(~{3,}).*)$/;
const LIST_MARKER = /^(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$)/;
const RULE = /^(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;
/** Makes a heading of the paragraph before it. */
const UNDERLINE = /^(?:=+|-+)[ \t]*$/;
const HEADING = /^#{1,6}(?:[ \t]|$)/;
/** List items within list items; deeper ones are taken as text. */
const MAX_LISTS = 50;
const DEFINITION = /^\[(?!\^)(?:[^[\]\\]|\\.)+\]:[ \t]*/;

/** The ranges of running text from `from` on, in order. A range never crosses a block, so neither does a code span. */
export function textRanges(markdown: string, from = 0): TextRange[] {
  const scanner = new BlockScanner();
  let at = from;
  while (at < markdown.length) {
    const newline = markdown.indexOf('\n', at);
    const end = newline < 0 ? markdown.length : newline + 1;
    scanner.line(markdown.slice(at, end).replace(/\r?\n$/, ''), at, end);
    at = end;
  }
  return scanner.finish();
}

class BlockScanner {
  readonly #ranges: TextRange[] = [];
  #open: TextRange | undefined;
  /** Whether the open paragraph stands in a quote. */
  #openQuoted = false;
  #fence: Fence | undefined;
  #inComment = false;
  /** Columns where the contents of the open list items begin. */
  #lists: number[] = [];
  #listsQuoted = false;

  finish(): TextRange[] {
    this.#break();
    return this.#ranges;
  }

  line(line: string, start: number, end: number): void {
    // What looks like a quote within a fence is part of the code.
    const { rest, quoted } = this.#fence?.quoted === false ? { rest: line, quoted: false } : unquote(line);
    const indent = indentOf(rest);
    const text = rest.trimStart();
    if (this.#inComment) {
      this.#inComment = !text.includes('-->');
      return;
    }
    if (this.#fence !== undefined && this.#inFence(this.#fence, text, indent, quoted)) return;
    if (text === '') {
      this.#break();
      return;
    }
    if (quoted && !this.#openQuoted) this.#break();
    if (quoted !== this.#listsQuoted && this.#open === undefined) this.#lists = [];
    this.#listsQuoted = quoted;
    this.#closeLists(indent);
    this.#block(text, indent, quoted, { start, end, textStart: start + line.length - text.length });
  }

  /** False when the fence ended before this line. */
  #inFence(fence: Fence, text: string, indent: number, quoted: boolean): boolean {
    if ((fence.quoted && !quoted) || (text !== '' && indent < fence.base)) {
      this.#fence = undefined;
      return false;
    }
    const run = text.trimEnd();
    const closes =
      run.length >= fence.length && run === fence.char.repeat(run.length) && indent < fence.base + 4;
    if (closes) this.#fence = undefined;
    return true;
  }

  /** A block that is no paragraph begins: what stands to the right of it has ended. */
  #begin(indent: number): void {
    this.#break();
    this.#closeLists(indent);
  }

  #closeLists(indent: number): void {
    // A line of a paragraph may hang out to the left of its list item.
    if (this.#open !== undefined) return;
    while (indent < (this.#lists.at(-1) ?? 0)) this.#lists.pop();
  }

  #block(
    text: string,
    indent: number,
    quoted: boolean,
    at: { start: number; end: number; textStart: number },
  ): void {
    const base = this.#lists.at(-1) ?? 0;
    if (indent - base >= 4) {
      if (this.#open !== undefined) this.#open.end = at.end;
      return;
    }
    if (
      RULE.test(text) ||
      (this.#open !== undefined && quoted === this.#openQuoted && UNDERLINE.test(text))
    ) {
      this.#begin(indent);
      return;
    }
    const marker = LIST_MARKER.exec(text)?.[0];
    if (marker !== undefined && this.#lists.length < MAX_LISTS) {
      this.#listItem(text, indent, marker, quoted, at);
      return;
    }
    const fence = FENCE.exec(text);
    const run = fence?.[1] ?? fence?.[2];
    if (run !== undefined) {
      this.#begin(indent);
      this.#fence = { char: run.charAt(0), length: run.length, base: this.#lists.at(-1) ?? 0, quoted };
    } else if (text.startsWith('<!--')) {
      this.#begin(indent);
      this.#comment(text, at);
    } else if (HEADING.test(text)) {
      this.#begin(indent);
      this.#ranges.push({ start: at.textStart, end: at.end });
    } else {
      this.#text(text, quoted, at);
    }
  }

  #comment(text: string, at: { start: number; end: number; textStart: number }): void {
    const close = text.indexOf('-->');
    if (close < 0) this.#inComment = true;
    else this.#ranges.push({ start: at.textStart + close + 3, end: at.end });
  }

  #text(text: string, quoted: boolean, at: { start: number; end: number; textStart: number }): void {
    const definition = this.#open === undefined ? DEFINITION.exec(text)?.[0] : undefined;
    if (definition !== undefined) {
      this.#ranges.push({ start: at.textStart, end: at.end, definition: at.textStart + definition.length });
    } else if (this.#open !== undefined) {
      this.#open.end = at.end;
    } else {
      this.#open = { start: at.textStart, end: at.end };
      this.#openQuoted = quoted;
    }
  }

  #listItem(
    text: string,
    indent: number,
    marker: string,
    quoted: boolean,
    at: { start: number; end: number; textStart: number },
  ): void {
    this.#begin(indent);
    const after = text.slice(marker.length);
    const content = after.trimStart();
    const gap = after.length - content.length;
    // Five or more spaces: one belongs to the marker, the rest is indented code.
    const width = marker.length + (content === '' || gap > 4 ? 1 : gap);
    this.#lists.push(indent + width);
    if (content === '' || gap > 4) return;
    this.#block(content, indent + width, quoted, {
      ...at,
      textStart: at.textStart + width,
    });
  }

  #break(): void {
    if (this.#open !== undefined) this.#ranges.push(this.#open);
    this.#open = undefined;
  }
}

function unquote(line: string): { rest: string; quoted: boolean } {
  const prefix = line.includes('>') ? (/^(?: {0,3}> ?)+/.exec(line)?.[0] ?? '') : '';
  return { rest: line.slice(prefix.length), quoted: prefix !== '' };
}

/** Columns of white space at the start; tabs go to the next multiple of four. */
function indentOf(line: string): number {
  let column = 0;
  for (let i = 0; i < line.length; i++) {
    const char = line.charCodeAt(i);
    if (char === 0x20) column++;
    else if (char === 0x09) column += 4 - (column % 4);
    else break;
  }
  return column;
}

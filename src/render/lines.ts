/** The first line, and those behind it that pass; with their newlines. Empty lines at the end are part of it. */
export function linesWhile(source: string, passes: (line: string) => boolean): string {
  let end = endOfLine(source, 0);
  while (end < source.length) {
    const next = endOfLine(source, end);
    if (!passes(source.slice(end, next).replace(/\n$/, ''))) break;
    end = next;
  }
  return source.slice(0, end);
}

/** Behind the newline that ends the line at `from`. */
export function endOfLine(source: string, from: number): number {
  const newline = source.indexOf('\n', from);
  return newline < 0 ? source.length : newline + 1;
}

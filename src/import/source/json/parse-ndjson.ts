import type { Cell, Row, RowFailure } from '../../row.ts';

const MAX_DEPTH = 64;

/** An object a line; blank lines count and are passed over. */
export function parseNdjson(
  text: string,
  { source, firstRow }: { source: string; firstRow: number },
): { rows: Row[]; failures: RowFailure[] } {
  const parsed: { rows: Row[]; failures: RowFailure[] } = { rows: [], failures: [] };
  let row = firstRow;
  for (let start = 0; start < text.length; row++) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const line = text.slice(start, end);
    start = end + 1;
    if (isBlank(line)) continue;
    const origins = [{ source, row }];
    const values = parseLine(line);
    if (typeof values === 'string')
      parsed.failures.push({ origins, code: 'json_invalid', message: `Reading a row: ${values}` });
    else parsed.rows.push({ values, origins });
  }
  return parsed;
}

function isBlank(line: string): boolean {
  return line.charCodeAt(0) !== 123 && line.trim() === '';
}

function parseLine(line: string): Record<string, Cell> | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // The message of the error holds what the line holds.
    return 'it is no valid JSON; each line is one object';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'it is valid JSON, but no object; each line is one object';
  return problemOf(value, 1) ?? (value as Record<string, Cell>);
}

function problemOf(value: object, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH}, which is the limit`;
  // Entries of a long list would take many times its memory.
  if (Array.isArray(value)) {
    for (const inner of value) {
      const problem = problemOfCell(inner, depth);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return 'it has a key "__proto__", which is refused';
    if (!key.isWellFormed()) return 'a key has half of a surrogate pair';
    const problem = problemOfCell((value as Record<string, unknown>)[key], depth);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOfCell(inner: unknown, depth: number): string | undefined {
  if (typeof inner === 'string')
    return inner.isWellFormed() ? undefined : 'a string has half of a surrogate pair';
  return typeof inner === 'object' && inner !== null ? problemOf(inner, depth + 1) : undefined;
}

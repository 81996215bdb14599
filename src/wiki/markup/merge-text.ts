import type { Conflict } from '../errors.ts';

export type Merge = { kind: 'clean'; text: string } | { kind: 'conflict'; hunks: Conflict['hunks'] };

/** Beyond this many pairs of equal lines the comparison would take too long; the merge is then left to people. */
const MAX_EQUAL_PAIRS = 4_000_000;

/**
 * Three-way merge by lines. `current` and `proposed` both come from `base`. Line ends do not count as changes where
 * each text uses one kind throughout; the result has those of `current`.
 */
export async function mergeText(base: string, current: string, proposed: string): Promise<Merge> {
  if (current === proposed || proposed === base) return { kind: 'clean', text: current };
  if (current === base) return { kind: 'clean', text: proposed };
  const crlf = currentNewline([base, current, proposed], current);
  const [o = [], a = [], b = []] = [base, current, proposed].map(text =>
    splitLines(text, crlf !== undefined),
  );
  if (equalPairs(o, a) > MAX_EQUAL_PAIRS || equalPairs(o, b) > MAX_EQUAL_PAIRS)
    return whole(base, current, proposed);
  const { diff3Merge } = await import('node-diff3');
  const regions = diff3Merge(a, o, b, { excludeFalseConflicts: true });
  const newline = crlf === true ? '\r\n' : '\n';
  const hunks: Conflict['hunks'][number][] = [];
  const lines: string[] = [];
  for (const region of regions) {
    if (region.ok !== undefined) lines.push(...region.ok);
    if (region.conflict === undefined) continue;
    hunks.push({
      base: region.conflict.o.join(newline),
      current: region.conflict.a.join(newline),
      proposed: region.conflict.b.join(newline),
      line: region.conflict.aIndex + 1,
    });
  }
  return hunks.length > 0 ? { kind: 'conflict', hunks } : { kind: 'clean', text: lines.join(newline) };
}

/** Unified diff without file names. Empty when the texts differ in more than 20,000 lines. */
export async function unifiedDiff(before: string, after: string): Promise<string> {
  const { structuredPatch } = await import('diff');
  const patch = structuredPatch('', '', before, after, '', '', { context: 3, maxEditLength: 20_000 });
  return (patch?.hunks ?? [])
    .map(({ oldStart, oldLines, newStart, newLines, lines }) =>
      [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`, ...lines, ''].join('\n'),
    )
    .join('');
}

/** True: CRLF; false: LF; undefined: some text mixes them, so that they are compared as they are. */
function currentNewline(texts: readonly string[], current: string): boolean | undefined {
  if (texts.some(text => text.includes('\r\n') && /(?:^|[^\r])\n/.test(text))) return undefined;
  return current.includes('\r\n');
}

function splitLines(text: string, anyNewline: boolean): string[] {
  return text.split(anyNewline ? /\r?\n/ : '\n');
}

function equalPairs(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of a) counts.set(line, (counts.get(line) ?? 0) + 1);
  return b.reduce((sum, line) => sum + (counts.get(line) ?? 0), 0);
}

function whole(base: string, current: string, proposed: string): Merge {
  return { kind: 'conflict', hunks: [{ base, current, proposed, line: 1 }] };
}

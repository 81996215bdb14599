/** Reasons that are listed with a count only: they are expected, and may be many. */
const EXPECTED = new Set(['hidden', 'not beside a page', 'not a page']);
/** Paths shown for all other reasons. */
const SHOWN = 20;

/**
 * Says which files were left out, and why.
 * @param count of all that were: `left` may be the first of them. Default: it is all
 */
export function leftLines(
  left: readonly { path: string; reason: string }[],
  count: number = left.length,
): string[] {
  const byReason = new Map<string, string[]>();
  for (const { path, reason } of left) byReason.set(reason, [...(byReason.get(reason) ?? []), path]);
  const lines: string[] = [];
  let listed = 0;
  for (const [reason, paths] of byReason) {
    if (EXPECTED.has(reason)) {
      const what = paths.length === 1 ? 'file or folder' : 'files or folders';
      lines.push(`left out: ${paths.length} ${what} (${reason})`);
      continue;
    }
    const shown = paths.slice(0, Math.max(0, SHOWN - listed));
    for (const path of shown) lines.push(`left out: ${JSON.stringify(path)} (${reason})`);
    if (paths.length > shown.length) lines.push(`left out: ${paths.length - shown.length} more (${reason})`);
    listed += paths.length;
  }
  if (count > left.length) lines.push(`left out: ${count - left.length} more`);
  return lines;
}

import type { DryRunBody } from '../wiki/bodies.ts';

/** What a write came to, in a line; where it was only tried out, what it would have changed. */
export function outcomeText(done: string, { dry_run: isDry, changes = [] }: DryRunBody): string {
  if (!isDry) return done;
  const lines = changes.map(({ action, path }) => `- ${action} ${path}`);
  return [
    'Dry run, nothing was written. It would change:',
    ...(lines.length > 0 ? lines : ['(nothing)']),
  ].join('\n');
}

/** As results show it; enough to name it in further calls. */
export function shortRevision(revision: string): string {
  return revision.slice(0, 8);
}

/** Shown as the reason. */
export const HIDDEN = 'hidden';

/** Up to the first part of a path that is hidden; undefined when none is. */
export function hiddenPart(path: string, takesHidden: boolean): { path: string; reason: string } | undefined {
  let start = 0;
  for (;;) {
    const slash = path.indexOf('/', start);
    const end = slash < 0 ? path.length : slash;
    const reason = reasonOf(path.slice(start, end), takesHidden);
    if (reason !== undefined) return { path: path.slice(0, end), reason };
    if (slash < 0) return undefined;
    start = slash + 1;
  }
}

function reasonOf(name: string, takesHidden: boolean): string | undefined {
  if (name.toLowerCase() === '.git') return 'belongs to git';
  if (name === '__MACOSX') return 'made by macOS';
  return !takesHidden && (name.startsWith('.') || name === 'node_modules') ? HIDDEN : undefined;
}

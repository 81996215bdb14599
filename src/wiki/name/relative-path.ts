import type { WikiSettings } from '../settings.ts';

/** `('docs/a', 'docs/b/c')` → `../b/c`. Case matters as far as it does in page names. */
export function relativePath(
  base: string,
  path: string,
  settings: Pick<WikiSettings, 'retainPageNameCase'>,
): string {
  const from = base === '' ? [] : base.split('/');
  const to = path.split('/');
  let shared = 0;
  while (shared < from.length && shared < to.length - 1) {
    const [x = '', y = ''] = [from[shared], to[shared]];
    if (x !== y && (settings.retainPageNameCase || x.toLowerCase() !== y.toLowerCase())) break;
    shared++;
  }
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/');
}

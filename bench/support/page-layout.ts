/** How pages lie in folders: at most a hundred entries in each, or all in one. */
export type Layout = 'nested' | 'flat';

const PER_FOLDER = 100;

/** The git path of page `index` of `count`: lower case, as the API names files. */
export function pagePath(index: number, count: number, layout: Layout): string {
  if (layout === 'flat') return `notes/page-${String(index).padStart(6, '0')}.md`;
  const names = [`page-${index % PER_FOLDER}.md`];
  let above = Math.floor(index / PER_FOLDER);
  for (let left = Math.ceil(count / PER_FOLDER); left > 1; left = Math.ceil(left / PER_FOLDER)) {
    names.unshift(`folder-${above % PER_FOLDER}`);
    above = Math.floor(above / PER_FOLDER);
  }
  return names.join('/');
}

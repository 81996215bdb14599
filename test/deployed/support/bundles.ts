import { CraftedBundle } from '../../support/bundle.ts';

/** A git bundle of two commits of one page, `home.md`. */
export function smallBundle(): Buffer {
  const bundle = new CraftedBundle();
  const commit = (text: string, ...parents: string[]) => {
    const tree = bundle.tree({ mode: '100644', name: 'home.md', oid: bundle.add('blob', text) });
    return bundle.commit(tree, ...parents);
  };
  const head = commit('gull 1\n', commit('gull 0\n'));
  return bundle.finish({ 'refs/heads/main': head });
}

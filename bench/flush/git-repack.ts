import { git } from '../support/native-git.ts';

/**
 * The objects of the newest `commits` commits as one pack made by native git, which looks for its deltas anew: it cannot
 * know what an edit was. Naming the objects is not timed.
 */
export async function repackWithGit(bare: string, commits: number): Promise<{ ms: number; bytes: number }> {
  const names = await git(bare, ['rev-list', '--objects', `HEAD~${commits}..HEAD`]);
  const startMs = performance.now();
  const pack = await git(
    bare,
    ['pack-objects', '--stdout', '--quiet', '--no-reuse-delta', '--threads=1', '--depth=50', '--window=10'],
    names,
  );
  return { ms: performance.now() - startMs, bytes: pack.length };
}

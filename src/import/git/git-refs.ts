import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceCorrupt } from '../errors.ts';

/** Full ref names (`refs/heads/main`) to object ids, and what HEAD is. */
export interface GitRefs {
  refs: Map<string, string>;
  /** The ref that HEAD names; undefined when it names a commit itself. */
  headRef: string | undefined;
  /** The commit at HEAD; undefined when there is none yet. */
  head: string | undefined;
}

const OID = /^[0-9a-f]{40}$/;

/**
 * Reads the refs of a repository: `HEAD`, `packed-refs` and the files below `refs/` (gitrepository-layout(5)).
 * @param own the git folder, where HEAD is; `common` the one that holds the refs (another one in a worktree)
 */
export async function readGitRefs(own: string, common: string): Promise<GitRefs> {
  const refs = new Map<string, string>();
  const packed = await readFile(join(common, 'packed-refs'), 'utf8').catch(() => '');
  for (const line of packed.split('\n')) {
    const match = /^([0-9a-f]{40}) (refs\/\S+)$/.exec(line);
    if (match?.[1] && match[2]) refs.set(match[2], match[1]);
  }
  await readLooseRefs(common, 'refs', refs);
  return resolveHead((await readFile(join(own, 'HEAD'), 'utf8')).trim(), refs, own);
}

async function readLooseRefs(common: string, folder: string, refs: Map<string, string>): Promise<void> {
  for (const entry of await readdir(join(common, folder), { withFileTypes: true }).catch(() => [])) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) await readLooseRefs(common, name, refs);
    if (!entry.isFile()) continue;
    const text = (await readFile(join(common, name), 'utf8')).trim();
    if (OID.test(text)) refs.set(name, text);
  }
}

function resolveHead(text: string, refs: Map<string, string>, where: string): GitRefs {
  if (OID.test(text)) return { refs, headRef: undefined, head: text };
  const headRef = /^ref: (refs\/\S+)$/.exec(text)?.[1];
  if (headRef === undefined)
    throw sourceCorrupt(where, `its HEAD reads ${JSON.stringify(text.slice(0, 60))}`);
  return { refs, headRef, head: refs.get(headRef) };
}

/**
 * The branch that becomes the main line: HEAD's; without one (a bundle may have none) `main`, `master` or the only
 * branch there is.
 */
export function defaultBranch({ refs, head, headRef }: GitRefs): { name: string; oid: string } | undefined {
  if (head !== undefined) {
    const same = [...refs].find(([name, oid]) => oid === head && name.startsWith('refs/heads/'))?.[0];
    return { name: headRef ?? same ?? 'HEAD', oid: head };
  }
  const branches = [...refs].filter(([name]) => name.startsWith('refs/heads/'));
  const wanted = ['refs/heads/main', 'refs/heads/master'].find(name => refs.has(name));
  const [name, oid] =
    branches.find(([each]) => each === wanted) ?? (branches.length === 1 ? branches[0] : undefined) ?? [];
  return name === undefined || oid === undefined ? undefined : { name, oid };
}

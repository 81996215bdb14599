import type { Oid } from '../../git/object/objects.ts';
import type { OidSet } from '../../git/object/oid-set.ts';
import type { View } from '../../git/repository.ts';
import type { ImportReport } from '../import-report.ts';
import type { GitRefs } from './git-refs.ts';

const SUBMODULE = 0o160000;

/** What a history brought, and what its owner should know about it. */
export async function describeHistory(
  view: View,
  options: { retainPageNameCase: boolean },
  { refs }: GitRefs,
  line: { name: string; oid: Oid },
  commits: OidSet,
): Promise<ImportReport> {
  const entries = await view.files('');
  const files = entries.filter(({ mode }) => mode !== SUBMODULE);
  const pages = files.filter(file => file.path.endsWith('.md'));
  const notes = [`branch ${line.name.replace('refs/heads/', '')} is the wiki now`];
  const others = [...refs].filter(
    ([name, oid]) => name.startsWith('refs/heads/') && name !== line.name && !commits.has(oid),
  );
  if (others.length > 0) {
    notes.push(
      `other branches stayed out: ${others.map(([name]) => name.slice('refs/heads/'.length)).join(', ')}`,
    );
  }
  const submodules = entries.length - files.length;
  if (submodules > 0) notes.push(`submodules (${submodules}) have no content here`);
  const cased = pages.filter(({ path }) => path !== path.toLowerCase());
  if (cased.length > 0 && !options.retainPageNameCase) {
    notes.push(
      `${cased.length} pages have upper case in their file names (${cased[0]?.path}): set KITTIWAKE_RETAIN_PAGE_NAME_CASE=true if the old wiki kept case`,
    );
  }
  return {
    pages: pages.length,
    attachments: files.length - pages.length,
    unchanged: 0,
    kept: 0,
    bytes: 0,
    commits: commits.size,
    head: line.oid,
    left: [],
    notes,
  };
}

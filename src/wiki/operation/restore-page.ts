import type { RestorePageBody } from '../bodies.ts';
import { isRegular } from '../change/file-mode.ts';
import type { Outcome } from '../change/outcome.ts';
import { nameOfText, textOf } from '../change/page-text.ts';
import { checkAbsentLock, checkLock, findCommit, lackOf } from '../change/revision.ts';
import type { Workspace } from '../change/workspace.ts';
import { commitNotFound, pageNotFound } from '../errors.ts';
import { displayPath, literalPageFile, pageFile } from '../name/page-path.ts';
import type { RestorePage } from '../wiki.ts';

/** Gives a page the text it had at a revision, also when it was deleted since. */
export async function restorePage(
  workspace: Workspace,
  input: RestorePage,
): Promise<Outcome<RestorePageBody>> {
  const { settings, view } = workspace;
  workspace.demand([pageFile(input.path, settings)]);
  const found = await pageAt(workspace, input);
  workspace.demand([found.path]);
  const before = await workspace.file(found.path);
  if (before === undefined) checkAbsentLock(input);
  else if (before.info !== undefined) await checkLock(view, before.info, input, false);
  const bytes = await view.blob(found.oid);
  const name = await nameOfText(textOf(bytes, input.path), found.path, settings);
  const changed = await workspace.write(found.path, bytes);
  const known = before?.info?.commit ?? '';
  return {
    summary: `Restore: ${input.path} (${found.commit.slice(0, 8)})`,
    subject: displayPath(found.path, settings),
    blob: found.oid,
    body: commit => ({
      created: before === undefined,
      name,
      path: displayPath(found.path, settings),
      restored_from: found.commit,
      revision: changed ? (commit ?? known) : known,
    }),
  };
}

async function pageAt(
  { view, settings }: Workspace,
  { path, to }: RestorePage,
): Promise<{ path: string; oid: string; commit: string }> {
  const files = [pageFile(path, settings), literalPageFile(path)];
  const commit = await findCommit(view, to);
  if (commit === undefined) throw await lackOf(view, to, commitNotFound(to));
  const tree = await view.at(commit);
  for (const file of files) {
    const entry = await tree.entry(file);
    if (entry !== undefined && isRegular(entry.mode)) return { path: file, oid: entry.oid, commit };
  }
  throw pageNotFound(path);
}

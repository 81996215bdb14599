import type { DeletePageBody } from '../bodies.ts';
import type { Outcome } from '../change/outcome.ts';
import { checkLock } from '../change/revision.ts';
import type { Workspace } from '../change/workspace.ts';
import { displayPath, isPageFile, pageStem } from '../name/page-path.ts';
import type { DeletePage } from '../wiki.ts';

/** Removes a page; with `recursive` its attachments and sub-pages too (API contract 5.5). */
export async function deletePage(workspace: Workspace, input: DeletePage): Promise<Outcome<DeletePageBody>> {
  const { settings, view } = workspace;
  const file = await workspace.pageToChange(input.path);
  if (file.info !== undefined) await checkLock(view, file.info, input, false);
  const below = input.recursive === true ? await workspace.filesBelow(pageStem(file.path)) : [];
  workspace.demand(below.map(({ path }) => path));
  workspace.remove(file.path);
  for (const { path } of below) workspace.remove(path);
  const pages = below.filter(({ path }) => isPageFile(path));
  return {
    summary: `Delete: ${input.path}`,
    subject: displayPath(file.path, settings),
    body: () => ({
      deleted: true,
      path: displayPath(file.path, settings),
      ...(input.recursive === true
        ? {
            deleted_pages: pages.map(({ path }) => displayPath(path, settings)),
            deleted_attachments: below.length - pages.length,
          }
        : {}),
    }),
  };
}

import type { PutPageBody } from '../bodies.ts';
import { mergeStale } from '../change/merge-stale.ts';
import type { Outcome } from '../change/outcome.ts';
import { nameOfText, readText } from '../change/page-text.ts';
import { checkAbsentLock, checkLock } from '../change/revision.ts';
import type { Workspace } from '../change/workspace.ts';
import { encodeText } from '../markup/text.ts';
import { displayPath, pageFile } from '../name/page-path.ts';
import type { PutPage } from '../wiki.ts';

/** Creates or replaces a page (API contract 5.3). */
export async function putPage(workspace: Workspace, input: PutPage): Promise<Outcome<PutPageBody>> {
  const { settings, view } = workspace;
  const path = pageFile(input.path, settings);
  encodeText(input.content);
  workspace.demand([path]);
  const before = await workspace.file(path);
  let text = input.content;
  let merged = false;
  if (before === undefined) checkAbsentLock(input);
  else if (before.info !== undefined) {
    const info = before.info;
    const stale = await mergeStale(workspace, {
      lock: input,
      file: { ...before, info },
      check: () => checkLock(view, info, input, true),
      propose: async () => input.content,
      current: () => readText(workspace, before, input.path),
    });
    merged = stale !== undefined;
    text = stale ?? text;
  }
  const changed = await workspace.write(path, encodeText(text));
  const name = await nameOfText(text, path, settings);
  const known = before?.info?.commit ?? '';
  const after = await workspace.file(path);
  return {
    summary: `${before === undefined ? 'Create' : 'Update'}: ${input.path}`,
    subject: displayPath(path, settings),
    ...(after === undefined ? {} : { blob: after.oid }),
    body: commit => ({
      created: before === undefined,
      name,
      path: displayPath(path, settings),
      revision: changed ? (commit ?? known) : known,
      ...(merged ? { merged } : {}),
    }),
  };
}

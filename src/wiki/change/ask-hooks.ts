import type { Oid } from '../../git/object/objects.ts';
import { decodeText, encodeText } from '../markup/text.ts';
import { displayPath, isPageFile } from '../name/page-path.ts';
import type { ProposedChange, WriteHooks } from './hooks.ts';
import type { AskedWrite, Outcome } from './outcome.ts';
import { nameOfText } from './page-text.ts';
import type { Workspace } from './workspace.ts';

/**
 * Asks the hooks about what a write is about to commit, and puts what they have changed into the workspace.
 * @throws what a hook refuses with; KittiwakeError `forbidden`
 */
export async function askHooks<B>(
  hooks: WriteHooks,
  workspace: Workspace,
  write: AskedWrite<B> & { author: { name: string; email: string } },
): Promise<AskedWrite<B>> {
  const { outcome, changes, message, author } = write;
  const proposed = await Promise.all(changes.map(change => proposalOf(workspace, change)));
  const { contents, message: changedMessage = message } =
    (await hooks.beforeWrite({ changes: proposed, message, author })) ?? {};
  if (contents === undefined || contents.size === 0) return { outcome, changes, message: changedMessage };
  const blob = await replace(workspace, contents, outcome.blob);
  return {
    outcome: await renewed({ ...outcome, ...(blob === undefined ? {} : { blob }) }, workspace, contents),
    changes: await workspace.changes(),
    message: changedMessage,
  };
}

async function proposalOf(
  workspace: Workspace,
  { path, action }: AskedWrite<unknown>['changes'][number],
): Promise<ProposedChange> {
  const file = action === 'delete' || !isPageFile(path) ? undefined : await workspace.storedFile(path);
  const content = file === undefined ? undefined : decodeText(await workspace.read(file));
  return { path, action, content };
}

/** @returns the blob that has taken the place of `blob` */
async function replace(
  workspace: Workspace,
  contents: ReadonlyMap<string, string>,
  blob: Oid | undefined,
): Promise<Oid | undefined> {
  let answered = blob;
  for (const [path, text] of contents) {
    const before = await workspace.storedFile(path);
    await workspace.write(path, encodeText(text));
    if (before?.oid === blob) answered = (await workspace.storedFile(path))?.oid;
  }
  return answered;
}

/** What the answer tells of the pages was made before the hooks have changed them. */
async function renewed<B>(
  outcome: Outcome<B>,
  workspace: Workspace,
  contents: ReadonlyMap<string, string>,
): Promise<Outcome<B>> {
  const { settings } = workspace;
  const names = new Map<string, unknown>();
  for (const [path, text] of contents) {
    names.set(displayPath(path, settings), await nameOfText(text, path, settings));
  }
  return {
    ...outcome,
    body: commit => renamed(outcome.body(commit), names),
  };
}

/** The body of one answer, or that of a batch with one for each change. */
function renamed<B>(body: B, names: ReadonlyMap<string, unknown>): B {
  const { path, name, results } = body as { path?: string; name?: unknown; results?: unknown[] };
  if (Array.isArray(results)) return { ...body, results: results.map(each => renamed(each, names)) };
  if (path === undefined || name === undefined || !names.has(path)) return body;
  return { ...body, name: names.get(path) };
}

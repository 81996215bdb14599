import type { RenamePageBody } from '../bodies.ts';
import type { Outcome } from '../change/outcome.ts';
import { checkLock } from '../change/revision.ts';
import type { WorkFile, Workspace } from '../change/workspace.ts';
import { writtenSources } from '../change/written-sources.ts';
import { fileExistsAt, newPathEmpty, newPathMissing, newPathSame, pageExistsAt } from '../errors.ts';
import { pathTarget } from '../markup/describe.ts';
import { type Move, rewriteLinks, uncertainPaths } from '../markup/rewrite-links.ts';
import { decodeText, encodeText } from '../markup/text.ts';
import { displayPath, isPageFile, pageFile, pageStem } from '../name/page-path.ts';
import { strip } from '../name/python-text.ts';
import type { RenamePage } from '../wiki.ts';

/**
 * Moves a page with its attachments and sub-pages, and rewrites every link to any of them (API contract 6). All of it
 * is one commit.
 */
export async function renamePage(workspace: Workspace, input: RenamePage): Promise<Outcome<RenamePageBody>> {
  const { settings, view } = workspace;
  const file = await workspace.pageToChange(input.path);
  const newPath = checkNewPath(input.newPath);
  const move: Move = { from: file.path, to: pageFile(newPath, settings) };
  if (move.from === move.to) throw newPathSame();
  workspace.demand([move.to]);
  if ((await workspace.file(move.to)) !== undefined) throw pageExistsAt(newPath);
  if (file.info !== undefined) await checkLock(view, file.info, input, false);
  const moves = await findMoves(workspace, file, move);
  const rewritten = await rewriteAll(workspace, move);
  workspace.demand(rewritten.map(({ path }) => path));
  await moveFiles(workspace, moves);
  const updated: string[] = [];
  for (const { path, text } of rewritten) {
    await workspace.step();
    if (await workspace.write(path, encodeText(text))) updated.push(path);
  }
  const known = file.info?.commit ?? '';
  const after = await workspace.file(move.to);
  return {
    summary: `Rename: ${input.path} -> ${newPath}`,
    subject: displayPath(move.to, settings),
    ...(after === undefined ? {} : { blob: after.oid }),
    body: commit => ({
      new_path: displayPath(move.to, settings),
      old_path: displayPath(move.from, settings),
      revision: commit ?? known,
      updated_pages: updated.map(path => displayPath(path, settings)),
    }),
  };
}

function checkNewPath(newPath: string | undefined): string {
  if (newPath === undefined) throw newPathMissing();
  const trimmed = strip(newPath);
  if (trimmed === '') throw newPathEmpty();
  return trimmed;
}

interface FileMove {
  file: WorkFile;
  to: string;
}

/** Of the page, and of what lies in its folder, whoever may read that: all of it moves, or nothing. */
async function findMoves(workspace: Workspace, page: WorkFile, move: Move): Promise<FileMove[]> {
  const below = await workspace.filesBelow(pageStem(move.from));
  const moves = [page, ...below].map(file => ({ file, to: placeAfter(file.path, move) }));
  workspace.demand(moves.flatMap(({ file, to }) => [file.path, to]));
  return moves;
}

async function moveFiles(workspace: Workspace, moves: readonly FileMove[]): Promise<void> {
  const leaving = new Set(moves.map(({ file }) => file.path));
  for (const { to } of moves) {
    await workspace.step();
    if (!leaving.has(to) && (await workspace.file(to)) !== undefined) throw fileExistsAt(to);
  }
  await workspace.move(moves);
}

function placeAfter(path: string, { from, to }: Move): string {
  if (path === from) return to;
  const folder = `${pageStem(from)}/`;
  return path.startsWith(folder) ? `${pageStem(to)}/${path.slice(folder.length)}` : path;
}

/** The pages whose links change, by the path they will have, whoever may read them: no link is left that leads nowhere. */
async function rewriteAll(workspace: Workspace, move: Move): Promise<{ path: string; text: string }[]> {
  const rewritten: { path: string; text: string }[] = [];
  for (const page of await concerned(workspace, move)) {
    await workspace.step();
    const file = await workspace.storedFile(page);
    const before = file && decodeText(await workspace.read(file));
    if (before === undefined) continue;
    const path = placeAfter(page, move);
    const text = await rewriteOne(workspace, before, { move, page, pageAfter: path });
    if (text !== before) rewritten.push({ path, text });
  }
  return rewritten.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Pages that link to what moves, and those that move themselves. */
async function concerned(workspace: Workspace, { from }: Move): Promise<Set<string>> {
  const target = pathTarget(from);
  const { whole } = workspace;
  const pages = new Set([
    from,
    ...(await whole.sources(target)),
    ...(await whole.sources(`${target}/`, { prefix: true })),
    ...(await writtenSources(workspace, target)),
  ]);
  for (const { path } of await workspace.filesBelow(pageStem(from))) if (isPageFile(path)) pages.add(path);
  return pages;
}

async function rewriteOne(
  workspace: Workspace,
  text: string,
  where: { move: Move; page: string; pageAfter: string },
): Promise<string> {
  const options = { ...where, settings: workspace.settings };
  const there = new Set<string>();
  for (const path of uncertainPaths(text, options)) {
    if (await isThere(workspace, path)) there.add(path);
  }
  return rewriteLinks(text, { ...options, exists: path => there.has(path) });
}

/** As a page, an attachment or a folder, under the name as it is or lower-cased. */
async function isThere(workspace: Workspace, path: string): Promise<boolean> {
  const folded = workspace.settings.retainPageNameCase ? path : path.toLowerCase();
  const slash = folded.lastIndexOf('/') + 1;
  const names = [`${pageStem(folded)}.md`, folded.slice(0, slash) + path.slice(slash), folded, path];
  for (const name of new Set(names)) if (await workspace.occupied(name)) return true;
  return false;
}

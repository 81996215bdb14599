import type { View } from '../../git/repository.ts';
import type { CommitBody, PageBody } from '../bodies.ts';
import type { Views } from '../bound/bound-repository.ts';
import { isRegular } from '../change/file-mode.ts';
import { nameOf, textOf } from '../change/page-text.ts';
import { findCommit, lackOf } from '../change/revision.ts';
import { Workspace } from '../change/workspace.ts';
import { pageNotFound } from '../errors.ts';
import { etagOf } from '../etag.ts';
import { commitBody } from '../history/commit-text.ts';
import { wikiTarget } from '../markup/describe.ts';
import { readDocument } from '../markup/frontmatter.ts';
import { findSection } from '../markup/sections.ts';
import { decodeText } from '../markup/text.ts';
import { linkKey, linkKeys } from '../markup/wiki-links.ts';
import { displayPath, literalPageFile, pageFile, pageStem } from '../name/page-path.ts';
import type { WikiSettings } from '../settings.ts';
import type { Read } from '../wiki.ts';

/** Reads a page, now or as of a revision (API contract 5.2). */
export async function readPage(
  repository: Views,
  settings: WikiSettings,
  request: string,
  options: { revision?: string; section?: string } = {},
): Promise<Read<PageBody>> {
  const view = await repository.view();
  const page =
    options.revision === undefined || options.revision === ''
      ? await currentPage(view, settings, request)
      : await pageAt(view, settings, request, options.revision);
  const whole = textOf(page.bytes, request);
  const document = await readDocument(whole);
  const section = options.section === undefined ? undefined : findSection(whole, options.section);
  const content = section === undefined ? whole : whole.slice(section.start, section.end);
  const rest = {
    frontmatter: document.frontmatter,
    last_commit: page.commit ?? null,
    ...linksOf(settings, page),
    name: nameOf(document, page.path, settings),
    path: displayPath(page.path, settings),
    revision: page.commit?.revision ?? '',
  };
  return {
    body: { content, ...rest },
    blob: page.oid,
    etag: etagOf(page.oid, section === undefined ? rest : { ...rest, section }),
  };
}

interface FoundPage {
  path: string;
  oid: string;
  bytes: Buffer;
  commit: CommitBody | undefined;
  /** The page's text as it is now, when that is another one. Null: there is no page now. */
  now?: Buffer | null;
  /** Files with a wiki link to it. */
  linkedFrom: readonly string[];
}

async function currentPage(view: View, settings: WikiSettings, request: string): Promise<FoundPage> {
  const path = pageFile(request, settings);
  const [file, linkedFrom] = await view.together(() =>
    Promise.all([new Workspace(view, settings).findPage(request), linksTo(view, settings, path)]),
  );
  if (file === undefined) throw pageNotFound(request);
  const [bytes, commit] = await view.together(() =>
    Promise.all([view.blob(file.oid), file.info && view.lastChange(file.info)]),
  );
  return {
    path: file.path,
    oid: file.oid,
    bytes,
    commit: commit && commitBody(commit),
    linkedFrom: file.path === path ? linkedFrom : await linksTo(view, settings, file.path),
  };
}

function linksTo(view: View, settings: WikiSettings, path: string): Promise<string[]> {
  return view.sources(wikiTarget(linkKey(pageStem(path), settings)));
}

/** As of a commit, whether or not the commit touched it. */
async function pageAt(
  view: View,
  settings: WikiSettings,
  request: string,
  revision: string,
): Promise<FoundPage> {
  const paths = [pageFile(request, settings), literalPageFile(request)];
  const oid = await findCommit(view, revision);
  const commit = oid === undefined ? undefined : await view.commit(oid);
  if (commit === undefined) throw await lackOf(view, revision, pageNotFound(request));
  const tree = await view.at(commit.oid);
  for (const path of paths) {
    const entry = await tree.entry(path);
    if (entry === undefined || !isRegular(entry.mode)) continue;
    const file = await view.file(path);
    return {
      path,
      oid: entry.oid,
      bytes: await view.blob(entry.oid),
      commit: (await touched(view, commit.parents, path, entry.oid)) ? commitBody(commit) : undefined,
      now: file === undefined ? null : await view.blob(file.oid),
      linkedFrom: await linksTo(view, settings, path),
    };
  }
  throw pageNotFound(request);
}

/** True when the file differs from what every parent has. */
async function touched(view: View, parents: readonly string[], path: string, oid: string): Promise<boolean> {
  for (const parent of parents) {
    if ((await (await view.at(parent)).entry(path))?.oid === oid) return false;
  }
  return true;
}

function linksOf(settings: WikiSettings, page: FoundPage): { linked_from: string[]; links_to: string[] } {
  const now = page.now === undefined ? page.bytes : page.now;
  const text = now === null ? undefined : decodeText(now);
  return {
    linked_from: page.linkedFrom.map(path => displayPath(path, settings)),
    links_to: text === undefined ? [] : linkKeys(text, settings).map(target => displayPath(target, settings)),
  };
}

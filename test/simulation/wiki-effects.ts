import { hashObject } from '../../src/git/object/object-codec.ts';
import type { LandedCommit, State, WikiHistory } from './wiki-history.ts';
import type { Action } from './wiki-records.ts';

type Tell = (what: string) => void;
type Part<K extends Action['kind']> = Extract<Action, { kind: K }>;

/** The commit of an action must have been allowed where it stands, and have done what was asked for and nothing else. */
export function checkEffect(action: Action, commit: LandedCommit, history: WikiHistory, tell: Tell): void {
  const expected = expectedFiles(action, commit, history, tell);
  for (const { path } of commit.files) if (!expected.has(path)) tell(`"${path}" was changed, too`);
  for (const [path, oid] of expected) {
    const now = commit.after.get(path)?.oid ?? null;
    if (oid !== undefined && now !== oid) tell(`"${path}" is ${now}, not ${oid}`);
  }
}

/** The files that an action changes, and what they hold afterwards; undefined: checked elsewhere. */
function expectedFiles(
  action: Action,
  { before, after }: LandedCommit,
  history: WikiHistory,
  tell: Tell,
): Map<string, string | null | undefined> {
  switch (action.kind) {
    case 'put':
      checkPut(action, before, tell);
      return new Map([[`${action.path}.md`, blobOid(Buffer.from(action.content))]]);
    case 'attach':
      return new Map([[`${action.path}/${action.filename}`, blobOid(action.bytes)]]);
    case 'detach':
      return new Map([[`${action.path}/${action.filename}`, null]]);
    case 'restore':
      return new Map([
        [
          `${action.path}.md`,
          history.commits.find(({ oid }) => oid === action.to)?.after.get(`${action.path}.md`)?.oid,
        ],
      ]);
    case 'delete':
      checkRevision(action, before, tell);
      return new Map(
        [`${action.path}.md`, ...(action.recursive ? below(action.path, before) : [])].map(path => [
          path,
          null,
        ]),
      );
    case 'rename':
      checkRevision(action, before, tell);
      return renamed(action, before, after, history, tell);
    case 'batch':
      return new Map(
        action.parts.flatMap(part => [
          ...expectedFiles(part, { before, after } as LandedCommit, history, tell),
        ]),
      );
  }
}

function blobOid(bytes: Buffer): string {
  return hashObject('blob', bytes);
}

function below(page: string, state: State): string[] {
  return [...state.keys()].filter(path => path.startsWith(`${page}/`));
}

/** The page is as its author has read it, or gone. */
function checkPut({ path, revision }: Part<'put'>, before: State, tell: Tell): void {
  const file = before.get(`${path}.md`);
  if (file !== undefined && file.commit !== revision)
    tell(`it rests on ${revision}, the page was at ${file.commit}`);
}

function checkRevision({ path, revision }: Part<'delete'> | Part<'rename'>, before: State, tell: Tell): void {
  const file = before.get(`${path}.md`);
  if (file?.commit !== revision) tell(`it rests on ${revision}, the page was at ${file?.commit}`);
}

function renamed(
  { path, newPath }: Part<'rename'>,
  before: State,
  after: State,
  { texts }: WikiHistory,
  tell: Tell,
): Map<string, string | null | undefined> {
  if (before.has(`${newPath}.md`)) tell(`there was a page at "${newPath}"`);
  const moves = [`${path}.md`, ...below(path, before)].map(
    from => [from, `${newPath}${from.slice(path.length)}`] as const,
  );
  const places = new Map(moves);
  const expected = new Map<string, string | null | undefined>(moves.map(([from]) => [from, null]));
  for (const [, to] of moves) {
    expected.set(to, undefined);
    if (!after.has(to)) tell(`"${to}" is not there`);
  }
  for (const [file, { oid }] of before) {
    const text = texts.get(oid);
    if (text === undefined || !file.endsWith('.md')) continue;
    const now = places.get(file) ?? file;
    const wanted = rewritten(text, path, newPath);
    if (wanted !== text.toLowerCase()) expected.set(now, undefined);
    if (texts.get(after.get(now)?.oid ?? '')?.toLowerCase() !== wanted)
      tell(`the links of "${now}" do not follow`);
  }
  return expected;
}

/** A text, in lower case, whose wiki links to a page, or to anything below it, lead to its new place. */
function rewritten(text: string, path: string, newPath: string): string {
  return text.toLowerCase().replace(/\[\[([^\]]+)\]\]/g, (link, page: string) => {
    const concerned = page === path || page.startsWith(`${path}/`);
    return concerned ? `[[${newPath}${page.slice(path.length)}]]` : link;
  });
}

import { displayPath } from '../../src/wiki/name/page-path.ts';
import { DEFAULT_SETTINGS } from '../../src/wiki/settings.ts';
import type { Wiki } from '../../src/wiki/wiki.ts';
import { expectSame } from '../support/verify.ts';
import type { LongWiki } from './long-wiki.ts';

/** One question about a history, asked of a wiki; and of native git, where it has an answer to it. */
export interface Question {
  what: string;
  ask(wiki: Wiki): Promise<unknown>;
  /** @throws Error when the answer is wrong */
  check(answer: unknown): void;
  git?: readonly string[];
}

/** What `git log` is to print for a commit, so that it reads as much as an answer of ours holds. */
const FORMAT = '--format=%H %an %ad %s';

export function questionsOf({ commits, files }: LongWiki): Question[] {
  const [first = ''] = commits;
  const middle = commits[Math.floor(commits.length / 2)] ?? '';
  const newest = commits.at(-1) ?? '';
  const page = (what: string, file: string, revision: string): Question => ({
    what: `page and its last commit: ${what}`,
    ask: async wiki => (await wiki.readPage(pathOf(file))).body.revision,
    check: answer => expectSame(`revision of ${file}`, answer, revision),
    git: ['log', '-1', FORMAT, 'HEAD', '--', file],
  });
  return [
    page('touched by the newest commit', files.newest, newest),
    page('touched in the middle', files.middle, middle),
    page('never touched since the first commit', files.never, first),
    {
      what: 'page as of the first commit',
      ask: async wiki => (await wiki.readPage(pathOf(files.never), { revision: first })).body.revision,
      check: answer => expectSame('revision', answer, first),
      git: ['show', `${first}:${files.never}`],
    },
    revisionCheck('the last commit of the page', files.never, first),
    revisionCheck('its first 7 digits', files.middle, middle.slice(0, 7)),
    revisionCheck('a later commit, nothing touched it since', files.never, newest),
    ...logs(commits.length, files.often),
  ];
}

/** The lock of a write: an update that is only tried out. */
function revisionCheck(what: string, file: string, revision: string): Question {
  return {
    what: `revision check: ${what}`,
    ask: async wiki => {
      const input = { path: pathOf(file), content: 'tried out', revision };
      return (await wiki.putPage(input, { dryRun: true })).body.changes?.length;
    },
    check: answer => expectSame('the number of changes', answer, 1),
  };
}

function logs(commits: number, often: string): Question[] {
  // Every tenth commit but those that touch the middle and the newest page, and the one that brought it.
  const touches = 1 + Math.floor((commits - 2) / 10) - (Math.floor(commits / 2) % 10 === 0 ? 1 : 0);
  return [
    {
      what: 'history of the page edited most, 50 entries',
      ask: async wiki => (await wiki.pageHistory(pathOf(often), { limit: 50 })).history.length,
      check: answer => expectSame('entries', answer, Math.min(50, touches)),
      git: ['log', '-50', FORMAT, 'HEAD', '--', often],
    },
    {
      what: 'all its history',
      ask: async wiki => (await wiki.pageHistory(pathOf(often))).history.length,
      check: answer => expectSame('entries', answer, touches),
      git: ['log', FORMAT, 'HEAD', '--', often],
    },
    {
      what: 'changelog, 50 entries',
      ask: async wiki => (await wiki.changelog()).entries.length,
      check: answer => expectSame('entries', answer, Math.min(50, commits)),
      git: ['log', '-50', '--name-only', FORMAT],
    },
    {
      what: 'changelog, all',
      ask: async wiki => (await wiki.changelog({ limit: 0 })).entries.length,
      check: answer => expectSame('entries', answer, Math.min(10_000, commits)),
      git: ['log', '--name-only', FORMAT],
    },
  ];
}

function pathOf(file: string): string {
  return displayPath(file, DEFAULT_SETTINGS);
}

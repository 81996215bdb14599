import type { WikiEvent } from '../event/wiki-event.ts';
import type { CommitLine, ToldCommit } from './commit-line.ts';
import type { MailMessage } from './mail-message.ts';
import type { MailReader, MailReaders } from './readers.ts';
import { watchedPaths } from './watched-paths.ts';

/** Mails about changes that one user gets in an hour; what follows in it is told by one mail. */
export const MOST_AN_HOUR = 20;
const HOUR_SECONDS = 3_600;
/** Commits of that hour that are looked at. */
const MOST_COMMITS = 500;
/** What is older is no news: an import, or what happened while no mails were sent. */
const NEWS_SECONDS = 7 * 24 * 3_600;

/**
 * The mails that events lead to: one for each commit and user who watches something of it, may read that now and is not its author.
 * They follow from the history, the watches and the rights, and not from which events come together.
 */
export async function messagesOf(
  events: readonly WikiEvent[],
  line: CommitLine,
  readers: MailReaders,
  nowMs: number,
): Promise<MailMessage[]> {
  const messages: MailMessage[] = [];
  const told = await toldCommits(events, line, nowMs);
  const paths = new Set(told.flatMap(({ recent, commit }) => pathsOf([commit, ...recent])));
  for (const watcher of await readers.watching([...paths])) {
    const watched = new Set(watcher.paths);
    const tells = (commit: ToldCommit) => matching(commit, watcher, watched).length > 0;
    for (const { commit, recent } of told) {
      if (!tells(commit)) continue;
      messages.push(
        recent.filter(tells).length < MOST_AN_HOUR
          ? { type: 'changes', user: watcher.userId, commit: commit.oid }
          : { type: 'many', user: watcher.userId, hour: Math.floor(commit.seconds / HOUR_SECONDS) },
      );
    }
  }
  const lost = events.find(({ type }) => type === 'history_changed');
  return lost === undefined ? messages : [...messages, ...(await historyMessages(lost, readers))];
}

/** What a commit did to what somebody watches, may read, and has not done. */
export function matching(
  { events, authorEmail }: Pick<ToldCommit, 'events' | 'authorEmail'>,
  reader: MailReader,
  watched: ReadonlySet<string>,
): WikiEvent[] {
  if (isSameAddress(authorEmail, reader.email)) return [];
  return events.filter(
    event => watchedPaths(event).some(path => watched.has(path)) && reader.mayRead(event.file),
  );
}

interface Told {
  commit: ToldCommit;
  /** Those of the hour before. */
  recent: readonly ToldCommit[];
}

async function toldCommits(events: readonly WikiEvent[], line: CommitLine, nowMs: number): Promise<Told[]> {
  const told: Told[] = [];
  const oids = events.filter(({ type }) => type !== 'history_changed').map(({ commit }) => commit);
  for (const oid of new Set(oids)) {
    const commit = await line.commit(oid);
    if (commit === undefined || commit.seconds < nowMs / 1000 - NEWS_SECONDS) continue;
    told.push({ commit, recent: await line.before(commit, MOST_COMMITS, HOUR_SECONDS) });
  }
  return told;
}

async function historyMessages({ commit }: WikiEvent, readers: MailReaders): Promise<MailMessage[]> {
  const watchers = await readers.all();
  return watchers
    .filter(watcher => watcher.paths.some(path => watcher.mayReadAt(path)))
    .map(({ userId: user }) => ({ type: 'history', user, commit }));
}

function pathsOf(commits: readonly ToldCommit[]): string[] {
  return commits.flatMap(({ events }) => events.flatMap(watchedPaths));
}

function isSameAddress(one: string, other: string): boolean {
  return one.normalize('NFC').toLowerCase() === other.normalize('NFC').toLowerCase();
}

import type { View } from '../../git/repository.ts';
import { matching } from './change-messages.ts';
import type { CommitLine } from './commit-line.ts';
import type { MailMessage } from './mail-message.ts';
import {
  eventLines,
  headline,
  oneLine,
  quoted,
  type TextContext,
  utcText,
  type WrittenMail,
} from './mail-text.ts';
import type { MailReader, MailReaders } from './readers.ts';
import { watchedPaths } from './watched-paths.ts';

/** What mails about changes are written from, as it is at the moment of sending. */
export interface ChangeMailContext extends TextContext {
  view: View;
  line: CommitLine;
  readers: MailReaders;
  /** A link that ends these watches; absent: there is no address to lead to. */
  unsubscribeUrl(userId: string, paths: readonly string[]): string | undefined;
}

type ChangeMessage = Extract<MailMessage, { type: 'changes' | 'many' | 'history' }>;

/**
 * The mail for a message about changes, of what its reader may read and watches now.
 * @returns undefined when there is nothing left to tell
 */
export async function changeMail(
  message: ChangeMessage,
  context: ChangeMailContext,
): Promise<WrittenMail | undefined> {
  const reader = await context.readers.reader(message.user);
  if (reader === undefined) return undefined;
  switch (message.type) {
    case 'changes':
      return await commitMail(message.commit, reader, context);
    case 'many':
      return await manyMail(message.hour, reader, context);
    case 'history':
      return await historyMail(reader, context);
  }
}

async function commitMail(
  oid: string,
  reader: MailReader,
  context: ChangeMailContext,
): Promise<WrittenMail | undefined> {
  const commit = await context.line.commit(oid);
  if (commit === undefined) return undefined;
  const watched = await watchedBy(reader, [...new Set(commit.events.flatMap(watchedPaths))], context);
  const events = matching(commit, reader, new Set(watched));
  const [first] = events;
  if (first === undefined) return undefined;
  const shows = (file: string) => reader.mayRead(file);
  // The message may name what else the commit did.
  const showsAll = commit.events.every(
    event => shows(event.file) && (event.type !== 'page_renamed' || shows(event.from)),
  );
  const { author, seconds, message } = first;
  return {
    to: reader.email,
    subject: `[${context.siteName}] ${headline(events, context)}`,
    text: textOf(
      [
        `${oneLine(author.name) || 'Somebody'}, ${utcText(seconds)}:`,
        ...(showsAll ? quoted(message) : []),
        '',
        ...eventLines(events, context, shows),
      ],
      watched,
      { ...context, reader },
    ),
    unsubscribeUrl: context.unsubscribeUrl(reader.userId, watched),
  };
}

async function manyMail(
  hour: number,
  reader: MailReader,
  context: ChangeMailContext,
): Promise<WrittenMail | undefined> {
  const watched = await allWatchedBy(reader, context);
  if (watched.length === 0) return undefined;
  return {
    to: reader.email,
    subject: `[${context.siteName}] Many changes`,
    text: textOf(
      [
        `More was changed in the hour after ${utcText(hour * 3_600)} than is told by single mails.`,
        ...siteLines(context),
      ],
      watched,
      { ...context, reader },
    ),
    unsubscribeUrl: context.unsubscribeUrl(reader.userId, watched),
  };
}

async function historyMail(reader: MailReader, context: ChangeMailContext): Promise<WrittenMail | undefined> {
  const watched = await allWatchedBy(reader, context);
  if (watched.length === 0) return undefined;
  return {
    to: reader.email,
    subject: `[${context.siteName}] Changes that are not listed`,
    text: textOf(
      ['What you watch may have changed in ways that are not told one by one.', ...siteLines(context)],
      watched,
      { ...context, reader },
    ),
    unsubscribeUrl: context.unsubscribeUrl(reader.userId, watched),
  };
}

async function watchedBy(
  { userId }: MailReader,
  paths: readonly string[],
  { readers }: ChangeMailContext,
): Promise<readonly string[]> {
  return (await readers.watching(paths)).find(watcher => watcher.userId === userId)?.paths ?? [];
}

async function allWatchedBy(
  { userId }: MailReader,
  { readers }: ChangeMailContext,
): Promise<readonly string[]> {
  return (await readers.all()).find(watcher => watcher.userId === userId)?.paths ?? [];
}

function siteLines({ siteUrl }: TextContext): string[] {
  return siteUrl === undefined ? [] : ['', `${siteUrl}/`];
}

function textOf(
  lines: readonly string[],
  watched: readonly string[],
  { reader, unsubscribeUrl }: ChangeMailContext & { reader: MailReader },
): string {
  const url = unsubscribeUrl(reader.userId, watched);
  const why = `You get this because you watch ${watched.slice(0, 5).map(watchText).join(', ')}${watched.length > 5 ? ', …' : ''}.`;
  const end = url === undefined ? [] : ['To end that:', url];
  return `${[...lines, '', '-- ', why, ...end].join('\n')}\n`;
}

function watchText(path: string): string {
  if (path === '') return 'the whole wiki';
  return path.endsWith('/') ? `what lies below "${oneLine(path.slice(0, -1))}"` : `"${oneLine(path)}"`;
}

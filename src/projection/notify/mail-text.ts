import { displayPath, isPageFile } from '../../wiki/name/page-path.ts';
import type { WikiEvent } from '../event/wiki-event.ts';

/** What a mail says, and to whom. */
export interface WrittenMail {
  to: string;
  subject: string;
  text: string;
  unsubscribeUrl?: string | undefined;
}

export interface TextContext {
  siteName: string;
  /** Without a slash at its end; absent: there is no site to lead to. */
  siteUrl?: string | undefined;
  retainPageNameCase: boolean;
}

/** Events that are listed in one mail. */
const MOST_LISTED = 50;
const MAX_MESSAGE = 2_000;
const MAX_NAME = 300;

const DONE: Readonly<Record<WikiEvent['type'], string>> = {
  page_created: 'created',
  page_updated: 'changed',
  page_deleted: 'deleted',
  page_renamed: 'renamed',
  attachment_saved: 'file saved',
  attachment_deleted: 'file deleted',
  history_changed: 'history changed',
};

/** A change as a line, with the page's address where it has one. @param shows whether a path may be named */
export function eventLine(
  event: WikiEvent,
  context: TextContext,
  shows: (file: string) => boolean,
): string[] {
  const name = nameOf(event.file, context);
  const from =
    event.type === 'page_renamed' && shows(event.from) ? ` (was ${nameOf(event.from, context)})` : '';
  const line = `- ${DONE[event.type]}: ${name}${from}`;
  const hasPage = isPageFile(event.file) && event.type !== 'page_deleted';
  return hasPage && context.siteUrl !== undefined
    ? [line, `  ${pageUrl(event.file, context.siteUrl)}`]
    : [line];
}

export function eventLines(
  events: readonly WikiEvent[],
  context: TextContext,
  shows: (file: string) => boolean,
): string[] {
  const lines = events.slice(0, MOST_LISTED).flatMap(event => eventLine(event, context, shows));
  const more = events.length - MOST_LISTED;
  return more > 0 ? [...lines, `- and ${more} more`] : lines;
}

/** `Intro`, or `Intro and 2 more`. */
export function headline(events: readonly WikiEvent[], context: TextContext): string {
  const files = [...new Set(events.map(({ file }) => file))];
  const [first = ''] = files;
  const name = nameOf(first, context);
  return files.length > 1 ? `${name} and ${files.length - 1} more` : name;
}

/** A commit message, indented; nothing where there is none. */
export function quoted(message: string): string[] {
  const text = message.trim().slice(0, MAX_MESSAGE);
  if (text === '') return [];
  return ['', ...text.split(/\r\n|[\r\n\u2028\u2029]/).map(line => `    ${oneLine(line)}`)];
}

/** Without control characters, and not endless. */
export function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  return line.length > MAX_NAME ? `${line.slice(0, MAX_NAME).toWellFormed()}…` : line;
}

export function utcText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function nameOf(file: string, context: TextContext): string {
  return oneLine(isPageFile(file) ? displayPath(file, context) : file);
}

function pageUrl(file: string, siteUrl: string): string {
  const path = file.slice(0, -'.md'.length).toWellFormed().split('/').map(encodeURIComponent).join('/');
  return `${siteUrl}/${path}`;
}

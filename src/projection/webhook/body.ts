import { pageStem } from '../../wiki/name/page-path.ts';
import type { WikiEvent } from '../event/wiki-event.ts';
import type { WebhookPayload } from './message.ts';

/** Of a commit's message. */
const MAX_MESSAGE_CHARACTERS = 4_000;

/** The JSON that a receiver gets. `docs/webhooks.md` tells of its fields. */
export function bodyOf(event: WikiEvent, wiki: string): string {
  const { id, type, commit, author, message, seconds } = event;
  return JSON.stringify({
    id,
    type,
    wiki,
    occurred_at: new Date(seconds * 1000).toISOString(),
    commit,
    author: author.name,
    message: message.trimEnd().slice(0, MAX_MESSAGE_CHARACTERS),
    ...subjectOf(event),
  });
}

/** Of what no commit tells more. */
export function bareBody({ event, type }: WebhookPayload, wiki: string): string {
  return JSON.stringify({ id: event, type, wiki });
}

function subjectOf(event: WikiEvent): object {
  if (event.type === 'history_changed') return {};
  if (event.type === 'page_renamed') return { path: pageStem(event.file), from: pageStem(event.from) };
  return { path: pageStem(event.file) };
}

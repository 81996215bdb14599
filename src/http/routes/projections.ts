import type { WikiEvent } from '../../projection/event/wiki-event.ts';
import type { ProjectionStatus, SetAside } from '../../projection/runnable.ts';
import { isoDate } from '../../wiki/history/commit-text.ts';
import { pageStem } from '../../wiki/name/page-path.ts';
import type { HttpResponse } from '../message.ts';
import { queryLimit } from '../paging.ts';
import type { Context } from '../route.ts';
import { answer } from '../write.ts';

/** How the search index, the site and what else follows from commits stand. */
export async function listProjections({ services }: Context): Promise<HttpResponse> {
  const projections = await (await services.projections()).status();
  return answer({ projections: projections.map(statusBody) });
}

/** What happened in the wiki, event by event. */
export async function listChanges({ query, services }: Context): Promise<HttpResponse> {
  const { events, cursor, more } = await (await services.projections()).changes({
    since: query.get('since') || undefined,
    limit: queryLimit(query),
  });
  return answer({ events: events.map(eventBody), cursor, more });
}

function statusBody({ name, cursor, head, behind, ...status }: ProjectionStatus): object {
  return {
    name,
    off: status.isOff ?? false,
    revision: cursor?.head ?? null,
    head: head.head,
    behind: behind ?? null,
    set_aside: status.setAside.map(setAsideBody),
    dropped: status.dropped,
    failure: status.failure ?? null,
  };
}

function setAsideBody({ item, code, message, sinceMs, dueMs, attempts }: SetAside): object {
  return { item, code, message, since: timeOf(sinceMs), next_attempt: timeOf(dueMs), attempts };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** An event as callers see it. */
export interface EventBody {
  id: string;
  type: WikiEvent['type'];
  /** As files have it, without `.md`. Absent: everything may have changed. */
  path?: string;
  /** Of a page that was renamed. */
  from?: string;
  commit: string;
  author: string;
  date: string;
  message: string;
}

export function eventBody(event: WikiEvent): EventBody {
  const { id, type, commit, author, message } = event;
  return { id, type, ...subjectOf(event), commit, author: author.name, date: isoDate(event), message };
}

function subjectOf(event: WikiEvent): Pick<EventBody, 'path' | 'from'> {
  if (event.type === 'history_changed') return {};
  if (event.type === 'page_renamed') return { path: pageStem(event.file), from: pageStem(event.from) };
  return { path: pageStem(event.file) };
}

import type { AuditEntry } from '../../auth/audit/audit.ts';
import type { HttpResponse } from '../message.ts';
import { queryLimit } from '../paging.ts';
import type { Context } from '../route.ts';
import { answer } from '../write.ts';

export async function listAudit({ query, services }: Context): Promise<HttpResponse> {
  const given = (name: string) => query.get(name) || undefined;
  const limit = queryLimit(query) ?? 0;
  const { entries, nextCursor } = await (await services.audit()).list({
    actor: given('actor'),
    action: given('action'),
    cursor: given('cursor'),
    limit: limit > 0 ? limit : undefined,
  });
  return answer({
    entries: entries.map(entryBody),
    ...(nextCursor === undefined ? {} : { next_cursor: nextCursor }),
  });
}

function entryBody({ id, atMs, actor, action, subject, detail, outcome, code, endedMs }: AuditEntry): object {
  return {
    id,
    at: new Date(atMs).toISOString(),
    actor,
    action,
    subject,
    detail,
    outcome,
    code: code ?? null,
    ended: endedMs === undefined ? null : new Date(endedMs).toISOString(),
  };
}

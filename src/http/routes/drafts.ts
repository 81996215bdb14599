import { forbidden } from '../../auth/errors.ts';
import type { Draft } from '../../draft/draft.ts';
import type { Drafts, SaveOptions } from '../../draft/drafts.ts';
import { draftNotFound } from '../../draft/errors.ts';
import { pageNotFound } from '../../wiki/errors.ts';
import { matchesEtag } from '../../wiki/etag.ts';
import { displayPath, pageFile } from '../../wiki/name/page-path.ts';
import type { Wiki } from '../../wiki/wiki.ts';
import { conform, receive } from '../body.ts';
import { type DraftedPage, draftedPage, mergeProposal } from '../drafted-page.ts';
import { bodyInvalid } from '../errors.ts';
import { type HttpResponse, json } from '../message.ts';
import { sliceOf } from '../paging.ts';
import type { Context } from '../route.ts';
import type { FromSchema } from '../schema.ts';
import * as schemas from '../schemas/drafts.ts';
import { answer } from '../write.ts';

const MAX_LISTED = 100;

export async function putDraft(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const body = conform(raw, schemas.putDraft, { absent: "Request body must include 'content' field" });
  const { revision = null, cursor = { line: 0, ch: 0 } } = body;
  checkDraft(body);
  const wiki = await context.services.wiki();
  const file = pageFile(context.params.path ?? '', wiki.settings);
  await checkWrite(context);
  const drafts = await context.services.drafts();
  const input = { file, content: body.content, baseRevision: revision || null, cursor };
  const { draft, created } = await drafts.save(input, saveOptions(context));
  return draftAnswer(created ? 201 : 200, draft, shownOf(draft, drafts, wiki));
}

export async function readDraft(context: Context): Promise<HttpResponse> {
  const { services, params, query } = context;
  const wiki = await services.wiki();
  const drafts = await services.drafts();
  const draft = await drafts.read(await readableFile(context, wiki));
  if (draft === undefined) throw draftNotFound(params.path ?? '');
  const page = await draftedPage(wiki, draft);
  const isMerge = query.get('merge') === 'true' && page.moved_on;
  const merge = isMerge ? { merge: await mergeProposal(wiki, draft) } : {};
  return draftAnswer(200, draft, {
    ...shownOf(draft, drafts, wiki),
    content: draft.content,
    ...page,
    ...merge,
  });
}

/** With a token only where that may write; without one the draft is the caller's own, whatever became of its rights. */
export async function deleteDraft(context: Context): Promise<HttpResponse> {
  const { services, params, principal } = context;
  const wiki = await services.wiki();
  if (principal.scope !== undefined) await checkWrite(context);
  const drafts = await services.drafts();
  const path = params.path ?? '';
  const file = pageFile(path, wiki.settings);
  if ((await drafts.read(file)) === undefined) throw draftNotFound(path);
  await drafts.discard(file);
  return answer({ deleted: true, path: displayPath(file, wiki.settings) });
}

export async function listDrafts({ services, query }: Context): Promise<HttpResponse> {
  const wiki = await services.wiki();
  const [policy, drafts] = await Promise.all([services.policy(), services.drafts()]);
  const readable: Draft[] = [];
  for (const draft of await drafts.list()) {
    if ((await policy.rights(draft.file)).read) readable.push(draft);
  }
  readable.sort((a, b) => (a.file < b.file ? -1 : 1));
  const { items, ...more } = sliceOf(readable, query, { maxItems: MAX_LISTED, keyOf: ({ file }) => file });
  const listed = items.map(async draft => ({
    ...shownOf(draft, drafts, wiki),
    ...(await draftedPage(wiki, draft)),
  }));
  return answer({ drafts: await Promise.all(listed), total: readable.length, ...more });
}

/** What a page that was saved needs no more. Whether it is gone: the page is saved all the same. */
export async function discardDraft({ services, params, principal }: Context, wiki: Wiki): Promise<boolean> {
  if (principal.standing === 'anonymous') return false;
  try {
    await (await services.drafts()).discard(pageFile(params.path ?? '', wiki.settings));
    return true;
  } catch {
    return false;
  }
}

async function readableFile({ services, params }: Context, wiki: Wiki): Promise<string> {
  const path = params.path ?? '';
  const file = pageFile(path, wiki.settings);
  if (!(await (await services.policy()).rights(path)).read) throw pageNotFound(path);
  return file;
}

/** @throws KittiwakeError `forbidden`, `path_invalid` */
async function checkWrite({ services, params }: Context): Promise<void> {
  const policy = await services.policy();
  if (!(await policy.rights(params.path ?? '')).write) throw forbidden('write');
}

function checkDraft({ revision, cursor }: FromSchema<typeof schemas.putDraft>): void {
  if (revision && !/^[0-9a-f]{7,64}$/.test(revision)) {
    throw bodyInvalid('revision must be 7 to 64 lower-case hex digits');
  }
  if (cursor && (cursor.line < 0 || cursor.ch < 0)) throw bodyInvalid('cursor must not be negative');
}

/** The conditions of a save: the ETag of the draft that was read, or none so far. */
function saveOptions({ request }: Context): SaveOptions {
  const { 'if-match': wanted, 'if-none-match': unwanted } = request.headers;
  const matches = (header: string, version: string | undefined) =>
    version !== undefined && matchesEtag(header, version);
  return {
    accepts: version =>
      (wanted === undefined || matches(wanted, version)) &&
      (unwanted === undefined || !matches(unwanted, version)),
    ...(request.deadlineMs === undefined ? {} : { deadlineMs: request.deadlineMs }),
  };
}

interface ShownDraft extends Partial<DraftedPage> {
  path: string;
  base_revision: string | null;
  cursor: Draft['cursor'];
  updated: string;
  expires: string;
  content?: string;
}

function shownOf(draft: Draft, drafts: Drafts, wiki: Wiki): ShownDraft {
  return {
    path: displayPath(draft.file, wiki.settings),
    base_revision: draft.baseRevision,
    cursor: draft.cursor,
    updated: new Date(draft.updatedMs).toISOString(),
    expires: new Date(drafts.expiresMs(draft)).toISOString(),
  };
}

function draftAnswer(status: number, { version }: Draft, body: ShownDraft): HttpResponse {
  return json(status, body, { etag: `"${version}"`, 'cache-control': 'private, no-cache' });
}

import type { Watch } from '../../auth/watch/watches.ts';
import type { MailServices } from '../mail-services.ts';
import type { HttpResponse } from '../message.ts';
import { queryLimit } from '../paging.ts';
import { refuseHidden } from '../path.ts';
import type { Context } from '../route.ts';
import { answer } from '../write.ts';

export async function listWatches(context: Context): Promise<HttpResponse> {
  const { query } = context;
  const limit = queryLimit(query) ?? 0;
  const { watches } = await mailsOf(context);
  const page = await watches.list({
    cursor: query.get('cursor') || undefined,
    limit: limit > 0 ? limit : undefined,
  });
  return answer({
    watches: page.watches.map(watchBody),
    ...(page.nextCursor === undefined ? {} : { next_cursor: page.nextCursor }),
  });
}

export function watchWiki(context: Context): Promise<HttpResponse> {
  return add(context, wikiPath);
}

export function unwatchWiki(context: Context): Promise<HttpResponse> {
  return remove(context, wikiPath);
}

export function watchPage(context: Context): Promise<HttpResponse> {
  return add(context, pagePath);
}

export function unwatchPage(context: Context): Promise<HttpResponse> {
  return remove(context, pagePath);
}

export function watchFolder(context: Context): Promise<HttpResponse> {
  return add(context, folderPath);
}

export function unwatchFolder(context: Context): Promise<HttpResponse> {
  return remove(context, folderPath);
}

type PathOf = (context: Context, mails: MailServices) => string;

const wikiPath: PathOf = () => '';
const pagePath: PathOf = ({ params }, mails) => mails.pagePath(refuseHidden(params.path ?? ''));
const folderPath: PathOf = (context, mails) => `${pagePath(context, mails)}/`;

async function add(context: Context, pathOf: PathOf): Promise<HttpResponse> {
  const mails = await mailsOf(context);
  return answer(watchBody(await mails.watches.add(pathOf(context, mails))));
}

async function remove(context: Context, pathOf: PathOf): Promise<HttpResponse> {
  const mails = await mailsOf(context);
  const path = pathOf(context, mails);
  await mails.watches.remove(path);
  return answer({ deleted: true, ...placeBody(path) });
}

async function mailsOf({ services }: Context): Promise<MailServices> {
  return await (await services.projections()).mails();
}

function watchBody({ path, createdMs }: Watch): object {
  return { ...placeBody(path), since: new Date(createdMs).toISOString() };
}

function placeBody(path: string): object {
  if (path === '') return { kind: 'wiki', path: null };
  return path.endsWith('/') ? { kind: 'folder', path: path.slice(0, -1) } : { kind: 'page', path };
}

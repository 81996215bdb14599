import { tokenInvalid } from '../../auth/errors.ts';
import type { TokenInfo } from '../../auth/token/tokens.ts';
import { conform, present, receive } from '../body.ts';
import { type HttpResponse, json } from '../message.ts';
import { queryLimit } from '../paging.ts';
import type { Context } from '../route.ts';
import * as schemas from '../schemas/tokens.ts';
import { answer } from '../write.ts';

export async function createToken(context: Context): Promise<HttpResponse> {
  const { name, rights, prefix, expires, author, all_wikis } = conform(
    await receive(context),
    schemas.createToken,
    { absent: "Request body must include 'name' and 'rights' fields" },
  );
  const expiresMs = typeof expires === 'string' ? timeOf(expires) : undefined;
  const tokens = await context.services.tokens();
  const wish = { name, rights, ...present({ prefix, expiresMs, author, allWikis: all_wikis }) };
  const { text, info } = await tokens.create(wish);
  return json(201, { token: text, ...tokenBody(info) }, { 'cache-control': 'no-store' });
}

export async function listTokens({ query, services }: Context): Promise<HttpResponse> {
  const limit = queryLimit(query) ?? 0;
  const cursor = query.get('cursor') ?? '';
  const { tokens, nextCursor } = await (await services.tokens()).list({
    all: query.get('all') === 'true',
    ...(cursor === '' ? {} : { cursor }),
    ...(limit > 0 ? { limit } : {}),
  });
  return answer({
    tokens: tokens.map(tokenBody),
    ...(nextCursor === undefined ? {} : { next_cursor: nextCursor }),
  });
}

export async function readToken({ params, services }: Context): Promise<HttpResponse> {
  return answer(tokenBody(await (await services.tokens()).read(params.id ?? '')));
}

export async function revokeToken({ params, services }: Context): Promise<HttpResponse> {
  return answer(tokenBody(await (await services.tokens()).revoke(params.id ?? '')));
}

function tokenBody(info: TokenInfo): object {
  return {
    id: info.id,
    name: info.name,
    owner: info.ownerId,
    rights: info.rights,
    prefix: info.prefix ?? null,
    all_wikis: info.allWikis,
    author: info.author ?? null,
    created: timeText(info.createdMs),
    created_by: info.createdBy,
    expires: timeText(info.expiresMs),
    revoked: timeText(info.revokedMs),
    locked: timeText(info.lockedMs),
  };
}

function timeText(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}

/** @throws KittiwakeError `token_invalid` for what is no time, or none of a time zone */
function timeOf(text: string): number {
  const ms = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw tokenInvalid('"expires" must be ISO 8601 with a time zone');
  return ms;
}

import type { HookAnswer, PullHook } from '../../remote/pull-hook.ts';
import { present } from '../body.ts';
import { type HttpResponse, json } from '../message.ts';
import type { Context } from '../route.ts';

const STATUSES = { success: 200, pending: 202, error: 502 } as const;

/** By GET, too, as callers of Otterwiki do; HEAD asks for nothing and gets the status. */
export async function pullByHook(context: Context): Promise<HttpResponse> {
  if (context.request.method === 'HEAD') return await readPullHook(context);
  const hash = hashOf(context);
  const answer = await (await hookOf(context)).call(hash);
  const location = `${context.request.path}/status`;
  return json(STATUSES[answer.status], bodyOf(answer), {
    'cache-control': 'no-store',
    ...(answer.status === 'pending' ? { location } : {}),
  });
}

export async function readPullHook(context: Context): Promise<HttpResponse> {
  const answer = await (await hookOf(context)).status(hashOf(context));
  return json(200, bodyOf(answer), { 'cache-control': 'no-store' });
}

async function hookOf({ services }: Context): Promise<PullHook> {
  return await (await services.projections()).pullHook();
}

function hashOf({ params }: Context): string {
  return params.hash ?? '';
}

function bodyOf({ status, message, code, atMs }: HookAnswer): object {
  return { status, message, ...present({ code, time: atMs && new Date(atMs).toISOString() }) };
}

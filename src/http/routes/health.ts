import { type HttpResponse, json } from '../message.ts';

/** Touches nothing: it says that the process answers, not that the wiki does. */
export function health(): HttpResponse {
  return json(200, { status: 'ok' }, { 'cache-control': 'no-store' });
}

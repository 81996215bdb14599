import type { GitServices } from '../http/git-services.ts';
import type { HttpResponse } from '../http/message.ts';
import type { Context } from '../http/route.ts';
import { pushOff } from './errors.ts';
import { servicesOf } from './served.ts';

/** What a push begins with: `info/refs?service=git-receive-pack`. */
export async function advertiseReceive(_context: Context, _git: GitServices): Promise<HttpResponse> {
  throw pushOff();
}

/** A push (gitprotocol-pack(5)). */
export async function receivePack(context: Context): Promise<HttpResponse> {
  await servicesOf(context);
  throw pushOff();
}

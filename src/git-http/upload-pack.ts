import type { GitServices } from '../http/git-services.ts';
import type { HttpResponse } from '../http/message.ts';
import type { Context } from '../http/route.ts';
import { gitVersionOld } from './errors.ts';
import { servicesOf } from './served.ts';

/** What a fetch begins with: `info/refs?service=git-upload-pack`. */
export async function advertiseUpload(_context: Context, _git: GitServices): Promise<HttpResponse> {
  throw gitVersionOld();
}

export async function uploadPack(context: Context): Promise<HttpResponse> {
  await servicesOf(context);
  throw gitVersionOld();
}

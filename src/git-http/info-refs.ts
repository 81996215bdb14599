import type { HttpResponse } from '../http/message.ts';
import type { Context } from '../http/route.ts';
import { gitServiceUnknown, gitTooOld } from './errors.ts';
import { servicesOf } from './served.ts';

/** What every exchange begins with. @throws KittiwakeError `git_protocol_unsupported` */
export async function infoRefs(context: Context): Promise<HttpResponse> {
  const git = await servicesOf(context);
  const service = context.query.get('service') || undefined;
  if (service === undefined) throw gitTooOld();
  if (service === 'git-receive-pack') {
    const { advertiseReceive } = await import('./receive.ts');
    return await advertiseReceive(context, git);
  }
  if (service !== 'git-upload-pack') throw gitServiceUnknown(service);
  const { advertiseUpload } = await import('./upload-pack.ts');
  return await advertiseUpload(context, git);
}

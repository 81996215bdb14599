import type { HttpResponse } from '../message.ts';
import { refuseHidden } from '../path.ts';
import type { Context } from '../route.ts';
import { answer } from '../write.ts';

export async function readMe({ principal, query, services }: Context): Promise<HttpResponse> {
  const { id, standing, names, author, scope } = principal;
  const policy = await services.policy();
  const path = query.get('path');
  const at = path ? { path, rights: await policy.rights(refuseHidden(path)) } : undefined;
  return answer({
    id,
    standing,
    names,
    author: author ?? null,
    scope: scope === undefined ? null : { rights: scope.rights, prefix: scope.prefix ?? null },
    rights: await policy.rights(),
    ...(at === undefined ? {} : { at }),
  });
}

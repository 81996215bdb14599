import type { ChangeOptions } from '../../auth/policy/administer.ts';
import type { Policy } from '../../auth/policy/policy.ts';
import { conform, receive } from '../body.ts';
import { bodyInvalid } from '../errors.ts';
import { matchedRevision } from '../if-match.ts';
import { type HttpResponse, json } from '../message.ts';
import { refuseHidden } from '../path.ts';
import type { Context } from '../route.ts';
import * as schemas from '../schemas/policy.ts';
import { answer } from '../write.ts';

export async function readPolicy({ services }: Context): Promise<HttpResponse> {
  return policyAnswer(await (await services.policy()).read());
}

export async function putRule(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const body = conform(raw, schemas.putRule, { absent: 'Request body must name at least one right' });
  const policy = await context.services.policy();
  return policyAnswer(await policy.putRule(context.params.path ?? '', body, optionsOf(context)));
}

export async function deleteRule(context: Context): Promise<HttpResponse> {
  const policy = await context.services.policy();
  return policyAnswer(await policy.deleteRule(context.params.path ?? '', optionsOf(context)));
}

export async function putRules(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const { rules } = conform(raw, schemas.putRules, { absent: "Request body must include 'rules' field" });
  for (const { path } of rules) refuseHidden(path);
  const policy = await context.services.policy();
  return policyAnswer(await policy.putRules(rules, optionsOf(context)));
}

export async function putLimits(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const absent = "Request body must include 'pages' or 'bytes' field";
  const { pages, bytes } = conform(raw, schemas.putLimits, { absent });
  if ((pages ?? 0) < 0 || (bytes ?? 0) < 0) throw bodyInvalid('pages and bytes must be 0 or more');
  const policy = await context.services.policy();
  return policyAnswer(await policy.changeLimits({ pages, bytes }, optionsOf(context)));
}

export async function listPreferences({ services }: Context): Promise<HttpResponse> {
  return answer({ preferences: await (await services.policy()).preferences() });
}

export async function patchPreferences(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const absent = 'Request body must name at least one preference';
  const body = conform(raw, schemas.patchPreferences, { absent });
  const policy = await context.services.policy();
  return answer({ preferences: await policy.changePreferences(body, optionsOf(context)) });
}

/** If-Match is the ETag of a policy: its revision. */
function optionsOf({ request }: Context): ChangeOptions {
  const revision = matchedRevision(request);
  const { deadlineMs } = request;
  return {
    ...(revision === undefined ? {} : { revision }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  };
}

function policyAnswer(policy: Policy): HttpResponse {
  const headers = { etag: `"${policy.revision}"`, 'cache-control': 'private, no-cache' };
  return json(200, policy, headers);
}

import type { RemoteWish } from '../../remote/check-remote.ts';
import type { RemoteAdministration } from '../../remote/remote-administration.ts';
import { conform, conformOptional, present, receive } from '../body.ts';
import { type HttpResponse, json } from '../message.ts';
import type { Context } from '../route.ts';
import type { FromSchema } from '../schema.ts';
import * as schemas from '../schemas/remotes.ts';
import { answer } from '../write.ts';
import { remoteBody, syncBody } from './remote-body.ts';

export async function createRemote(context: Context): Promise<HttpResponse> {
  const body = conform(await receive(context), schemas.createRemote, {
    absent: "Request body must include 'name' and 'url' fields",
    missing: field => `Request body must include '${field}' field`,
  });
  const administration = await administrationOf(context);
  const remote = await administration.create(body.name, { ...wishOf(body), url: body.url });
  const location = `/api/v1/remotes/${remote.name}`;
  return json(201, remoteBody(remote), { location, 'cache-control': 'no-store' });
}

export async function listRemotes(context: Context): Promise<HttpResponse> {
  const remotes = await (await administrationOf(context)).list();
  return answer({ remotes: remotes.map(remoteBody) });
}

export async function readRemote(context: Context): Promise<HttpResponse> {
  return answer(remoteBody(await (await administrationOf(context)).read(nameOf(context))));
}

export async function updateRemote(context: Context): Promise<HttpResponse> {
  const body = conform(await receive(context), schemas.updateRemote, {
    absent: 'Request body must include what is to be changed',
  });
  const wish = { ...wishOf(body), ...present({ url: body.url }) };
  return answer(remoteBody(await (await administrationOf(context)).change(nameOf(context), wish)));
}

export async function deleteRemote(context: Context): Promise<HttpResponse> {
  return answer(remoteBody(await (await administrationOf(context)).remove(nameOf(context))));
}

export async function settleConflict(context: Context): Promise<HttpResponse> {
  const body = conformOptional(await receive(context), schemas.settleConflict);
  const id = context.params.conflict ?? '';
  const settlement = { name: nameOf(context), id, deletesBranch: body.delete_branch ?? false };
  return answer(remoteBody(await (await administrationOf(context)).settle(settlement)));
}

export function pullRemote(context: Context): Promise<HttpResponse> {
  return run(context, { pull: true, push: false });
}

export function pushRemote(context: Context): Promise<HttpResponse> {
  return run(context, { pull: false, push: true });
}

async function run(context: Context, directions: { pull: boolean; push: boolean }): Promise<HttpResponse> {
  const body = conformOptional(await receive(context), schemas.runRemote);
  const administration = await administrationOf(context);
  const name = nameOf(context);
  const acceptRewritten = body.accept_rewritten ?? false;
  const outcome = await administration.run(name, { ...directions, acceptRewritten });
  const headers = { 'cache-control': 'no-store' };
  if (outcome.kind === 'done') return json(200, { status: 'done', ...syncBody(outcome.result) }, headers);
  const location = `/api/v1/remotes/${name}`;
  return json(202, { status: 'pending', ...syncBody(undefined) }, { ...headers, location });
}

function administrationOf({ services }: Context): Promise<RemoteAdministration> {
  return services.projections().then(projections => projections.remotes());
}

function nameOf({ params }: Context): string {
  return params.name ?? '';
}

function wishOf(body: Omit<FromSchema<typeof schemas.updateRemote>, 'url'>): RemoteWish {
  const { branch, pull, push, webhook, prefer, credentials, active } = body;
  return present({
    branch,
    pull,
    push,
    everyMinutes: body.every_minutes,
    afterCommits: body.after_commits,
    webhook,
    prefer,
    credentials,
    active,
  });
}

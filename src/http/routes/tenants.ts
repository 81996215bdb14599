import type { TenantLimits } from '../../tenant/tenant-admin.ts';
import type { TenantInfo } from '../../tenant/tenants.ts';
import { conform, present, receive } from '../body.ts';
import { queryInvalid } from '../errors.ts';
import { type HttpResponse, json } from '../message.ts';
import { queryLimit } from '../paging.ts';
import type { Context } from '../route.ts';
import * as schemas from '../schemas/tenants.ts';
import { answer } from '../write.ts';

/** Each costs a request to the store. */
const MAX_LISTED = 100;
const DAY_MS = 86_400_000;

export async function createTenant(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const body = conform(raw, schemas.createTenant, { absent: "Request body must include 'name' field" });
  const { name, token: withToken, note, owner } = body;
  const limits = limitsOf(body.limits);
  const wish = { name, ...present({ note, owner, limits, withToken }) };
  const { tenant, token } = await (await context.services.tenants()).create(wish);
  const shown = token === undefined ? {} : { token };
  return json(201, { tenant: tenantBody(tenant), ...shown }, { 'cache-control': 'no-store' });
}

export async function listTenants({ query, services }: Context): Promise<HttpResponse> {
  const asked = queryLimit(query) ?? 0;
  const limit = asked > 0 ? Math.min(asked, MAX_LISTED) : MAX_LISTED;
  const after = query.get('cursor') || undefined;
  // A cursor is the name that the list before ended with.
  if (after !== undefined && !/^[a-z0-9-]{1,63}$/.test(after))
    throw queryInvalid('cursor is none of this list');
  const { tenants, next } = await (await services.tenants()).list({ after, limit });
  return answer({ tenants: tenants.map(tenantBody), ...(next === undefined ? {} : { next_cursor: next }) });
}

export async function readTenant(context: Context): Promise<HttpResponse> {
  const { tenant, usage } = await (await context.services.tenants()).show(nameOf(context));
  return answer({ ...tenantBody(tenant), usage: usage ?? null });
}

export async function updateTenant(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const absent = "Request body must include 'state', 'note' or 'limits' field";
  const { state, note, limits } = conform(raw, schemas.updateTenant, { absent });
  const wish = present({ state, note, limits: limitsOf(limits) });
  const changed = await (await context.services.tenants()).change(nameOf(context), wish);
  return answer(tenantBody(changed));
}

export async function deleteTenant(context: Context): Promise<HttpResponse> {
  const text = context.query.get('grace_days') ?? '';
  if (!/^\d{0,4}$/.test(text)) throw queryInvalid('grace_days must be a whole number of days up to 9999');
  const options = text === '' ? {} : { graceMs: Number(text) * DAY_MS };
  return answer(tenantBody(await (await context.services.tenants()).remove(nameOf(context), options)));
}

export async function undeleteTenant(context: Context): Promise<HttpResponse> {
  return answer(tenantBody(await (await context.services.tenants()).undelete(nameOf(context))));
}

function nameOf({ params }: Context): string {
  return params.name ?? '';
}

/** Null takes a limit back to what is configured. */
function limitsOf(
  given: { pages?: number | null; bytes?: number | null } | null | undefined,
): TenantLimits | undefined {
  if (given === undefined || given === null) return undefined;
  const { pages, bytes } = given;
  return { ...(pages === undefined ? {} : { pages }), ...(bytes === undefined ? {} : { bytes }) };
}

function tenantBody({ name, uuid, state, createdMs, changedMs, deletion, note, owner }: TenantInfo): object {
  return {
    name,
    uuid,
    state,
    created: createdMs === 0 ? null : timeText(createdMs),
    changed: changedMs === 0 ? null : timeText(changedMs),
    ...(deletion === undefined
      ? {}
      : { deleted: timeText(deletion.deletedMs), removable: timeText(deletion.sweepMs) }),
    note: note ?? null,
    owner: owner ?? null,
  };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

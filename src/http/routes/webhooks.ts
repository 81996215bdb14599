import type {
  Delivery,
  WebhookAdministration,
  WebhookInfo,
  WebhookWish,
} from '../../projection/webhook/webhook-administration.ts';
import { conform, present, receive } from '../body.ts';
import { queryInvalid } from '../errors.ts';
import { type HttpResponse, json } from '../message.ts';
import { queryLimit } from '../paging.ts';
import type { Context } from '../route.ts';
import type { FromSchema } from '../schema.ts';
import * as schemas from '../schemas/webhooks.ts';
import { answer } from '../write.ts';

const MAX_DELIVERIES = 100;
const STATES = ['waiting', 'sent', 'dead'] as const;

export async function createWebhook(context: Context): Promise<HttpResponse> {
  const body = conform(await receive(context), schemas.createWebhook, {
    absent: "Request body must include a 'url' field",
  });
  const administration = await administrationOf(context);
  const { webhook, secret } = await administration.create({ ...wishOf(body), url: body.url });
  return json(201, { ...webhookBody(webhook), secret }, { 'cache-control': 'no-store' });
}

export async function listWebhooks(context: Context): Promise<HttpResponse> {
  const webhooks = await (await administrationOf(context)).list();
  return answer({ webhooks: webhooks.map(webhookBody) });
}

export async function readWebhook(context: Context): Promise<HttpResponse> {
  return answer(webhookBody(await (await administrationOf(context)).read(idOf(context))));
}

export async function updateWebhook(context: Context): Promise<HttpResponse> {
  const body = conform(await receive(context), schemas.updateWebhook, {
    absent: 'Request body must include what is to be changed',
  });
  const administration = await administrationOf(context);
  const wish = { ...wishOf(body), ...present({ url: body.url, renewSecret: body.renew_secret }) };
  const { webhook, secret } = await administration.change(idOf(context), wish);
  return json(200, { ...webhookBody(webhook), ...present({ secret }) }, { 'cache-control': 'no-store' });
}

export async function deleteWebhook(context: Context): Promise<HttpResponse> {
  return answer(webhookBody(await (await administrationOf(context)).remove(idOf(context))));
}

export async function pingWebhook(context: Context): Promise<HttpResponse> {
  return json(202, { delivery: await (await administrationOf(context)).ping(idOf(context)) });
}

export async function listDeliveries(context: Context): Promise<HttpResponse> {
  const { query } = context;
  const asked = queryLimit(query) ?? 0;
  const limit = asked > 0 ? Math.min(asked, MAX_DELIVERIES) : MAX_DELIVERIES;
  const page = { limit, state: stateOf(query.get('state')), after: query.get('cursor') || undefined };
  const { deliveries, next } = await (await administrationOf(context)).deliveries(idOf(context), page);
  return answer({ deliveries: deliveries.map(deliveryBody), ...present({ next_cursor: next }) });
}

export async function replayDelivery(context: Context): Promise<HttpResponse> {
  const administration = await administrationOf(context);
  const delivery = await administration.replay(idOf(context), context.params.delivery ?? '');
  return json(202, { delivery });
}

function administrationOf({ services }: Context): Promise<WebhookAdministration> {
  return services.projections().then(projections => projections.webhooks());
}

function idOf({ params }: Context): string {
  return params.id ?? '';
}

/** @throws KittiwakeError `query_invalid` */
function stateOf(text: string | undefined): (typeof STATES)[number] | undefined {
  if (text === undefined || text === '') return undefined;
  const state = STATES.find(each => each === text);
  if (state === undefined)
    throw queryInvalid(`"state" is ${JSON.stringify(text)}, wanted one of ${STATES.join(', ')}`);
  return state;
}

function wishOf({
  description,
  events,
  prefix,
  secret,
  active,
}: Omit<FromSchema<typeof schemas.createWebhook>, 'url'>): WebhookWish {
  return present({ description, types: events, prefix, secret, active });
}

function webhookBody(webhook: WebhookInfo): object {
  const { id, url, description, types, prefix, active, stopped, createdMs, changedMs, createdBy } = webhook;
  return {
    id,
    url,
    description,
    events: types,
    prefix,
    active,
    stopped: stopped === undefined ? null : { time: timeText(stopped.atMs), code: stopped.code },
    created: timeText(createdMs),
    created_by: createdBy,
    changed: timeText(changedMs),
  };
}

function deliveryBody(delivery: Delivery): object {
  const { id, event, type, state, attempts, dueMs, doubts, last, replayOf, replayedAs } = delivery;
  return {
    id,
    event,
    type,
    state,
    attempts,
    possibly_doubled: doubts,
    next_attempt: state === 'waiting' && dueMs > 0 ? timeText(dueMs) : null,
    last_attempt:
      last === undefined
        ? null
        : { time: timeText(last.atMs), code: last.code ?? null, ...(last.note ?? {}) },
    replay_of: replayOf ?? null,
    replayed_as: replayedAs ?? null,
  };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

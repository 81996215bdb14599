import { type Runtime, randomId } from '../../core/runtime.ts';
import type { Ranges } from '../../net/addresses.ts';
import { cursorOf, type NewestView } from '../catch-up.ts';
import { messageAbsent } from '../outbox/errors.ts';
import type { ListedState } from '../outbox/list.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { DueMessage } from '../outbox/outbox-message.ts';
import type { StateDocument } from '../state/state-document.ts';
import { checkDescription, checkPrefix, checkSecret, checkTypes, checkUrl } from './check-webhook.ts';
import type { WebhookDefinitions } from './definitions.ts';
import { webhooksFull } from './errors.ts';
import { messagePrefix, pingMessage, type WebhookPayload } from './message.ts';
import { MAX_WEBHOOKS, type Webhook } from './webhook.ts';

/** How long both secrets sign after one was replaced. */
const OVERLAP_MS = 86_400_000;

/** The webhooks of a wiki, for one who administers it. */
export interface WebhookAdministration {
  list(): Promise<WebhookInfo[]>;
  /** @throws KittiwakeError `webhook_not_found` */
  read(id: string): Promise<WebhookInfo>;
  /** The secret is shown this once. @throws KittiwakeError `webhook_invalid`, `webhooks_full` */
  create(wish: WebhookWish & { url: string }): Promise<{ webhook: WebhookInfo; secret: string }>;
  /** With a new secret when that was asked for. @throws KittiwakeError `webhook_not_found`, `webhook_invalid` */
  change(id: string, wish: WebhookWish): Promise<{ webhook: WebhookInfo; secret?: string }>;
  /** What it was not told yet, it will not be. @throws KittiwakeError `webhook_not_found` */
  remove(id: string): Promise<WebhookInfo>;
  /** Messages to a webhook, the newest first. @throws KittiwakeError `webhook_not_found` */
  deliveries(id: string, query: DeliveryQuery): Promise<{ deliveries: Delivery[]; next?: string }>;
  /** @returns the id of the new delivery. @throws KittiwakeError `outbox_message_absent`, `outbox_message_waiting` */
  replay(id: string, deliveryId: string): Promise<string>;
  /** Sends something to try it. @returns the id of the delivery */
  ping(id: string): Promise<string>;
}

export type WebhookInfo = Omit<Webhook, 'secret' | 'previous'>;

export interface WebhookWish {
  url?: string;
  description?: string;
  /** Empty: all. */
  types?: readonly string[];
  /** Empty: all. */
  prefix?: string;
  active?: boolean;
  /** `whsec_` and base64. Default of a new one: made here. */
  secret?: string;
  /** Makes a new one. */
  renewSecret?: boolean;
}

export interface DeliveryQuery {
  /** Default: all. */
  state?: ListedState | undefined;
  /** A delivery id; those that follow. */
  after?: string | undefined;
  /** 1 to 100. */
  limit: number;
}

export interface Delivery extends Omit<DueMessage, 'payload' | 'claim'> {
  event: string;
  type: WebhookPayload['type'];
}

export interface RecordedChange {
  action: `webhook.${'create' | 'change' | 'delete'}`;
  /** Id of the webhook. */
  id: string;
  detail: Readonly<Record<string, unknown>>;
}

export interface AdministrationOptions {
  definitions: WebhookDefinitions;
  outbox: Outbox;
  runtime: Runtime;
  allowed: Ranges;
  /** Id of the principal. */
  actor: string;
  /** Of the projection: it may not have run before the first webhook is there. */
  state: StateDocument<null>;
  newest: NewestView;
  /** Carries a change out, and notes who did it; `detail` holds no secret. */
  recorded<R>(change: RecordedChange, effect: () => Promise<R>): Promise<R>;
}

export function administerWebhooks(options: AdministrationOptions): WebhookAdministration {
  const { definitions, outbox, runtime } = options;
  return {
    list: async () => (await definitions.list()).map(infoOf),
    read: async id => infoOf(await definitions.find(id)),
    create: wish => create(options, wish),
    change: (id, wish) => change(options, id, wish),
    remove: id => remove(options, id),
    async deliveries(id, query) {
      await definitions.find(id);
      return await deliveriesOf(outbox, id, query);
    },
    async replay(id, deliveryId) {
      await definitions.find(id);
      if (!deliveryId.startsWith(messagePrefix(id))) throw messageAbsent(deliveryId);
      return await outbox.replay(deliveryId);
    },
    async ping(id) {
      const message = pingMessage(await definitions.find(id), {
        random: randomId(runtime).slice(0, 16),
        nowMs: runtime.now(),
      });
      await outbox.enqueue([message]);
      return message.id;
    },
  };
}

async function create(
  options: AdministrationOptions,
  wish: WebhookWish & { url: string },
): Promise<{ webhook: WebhookInfo; secret: string }> {
  const { definitions, runtime, actor } = options;
  const checked = check(wish, options);
  const afterOrdinal = await newestOrdinal(options);
  const nowMs = runtime.now();
  const webhook: Webhook = {
    id: randomId(runtime).slice(0, 16),
    url: '',
    description: '',
    types: [],
    prefix: '',
    active: true,
    secret: wish.secret ?? makeSecret(runtime),
    ...checked,
    afterOrdinal,
    createdMs: nowMs,
    changedMs: nowMs,
    createdBy: actor,
  };
  const recorded = { action: 'webhook.create', id: webhook.id, detail: detailOf(webhook) } as const;
  await options.recorded(recorded, () =>
    definitions.change(webhooks => {
      if (webhooks.length >= MAX_WEBHOOKS) throw webhooksFull(MAX_WEBHOOKS);
      return { webhooks: [...webhooks, webhook], result: null };
    }),
  );
  return { webhook: infoOf(webhook), secret: webhook.secret };
}

async function change(
  options: AdministrationOptions,
  id: string,
  wish: WebhookWish,
): Promise<{ webhook: WebhookInfo; secret?: string }> {
  const { definitions, runtime } = options;
  const checked = check(wish, options);
  const secret = wish.secret ?? (wish.renewSecret ? makeSecret(runtime) : undefined);
  const afterOrdinal = wish.active ? await newestOrdinal(options) : 0;
  const nowMs = runtime.now();
  const update = ({ stopped, ...before }: Webhook): Webhook => ({
    ...before,
    ...checked,
    ...(stopped !== undefined && wish.active === undefined ? { stopped } : {}),
    ...(secret === undefined
      ? {}
      : { previous: { secret: before.secret, untilMs: nowMs + OVERLAP_MS }, secret }),
    afterOrdinal: wish.active && !before.active ? afterOrdinal : before.afterOrdinal,
    changedMs: nowMs,
  });
  const detail = { ...checked, renewsSecret: secret !== undefined };
  const recorded = { action: 'webhook.change', id, detail } as const;
  await definitions.find(id);
  const webhook = await options.recorded(recorded, () => definitions.update(id, update));
  const isMade = secret !== undefined && wish.secret === undefined;
  return { webhook: infoOf(webhook), ...(isMade ? { secret } : {}) };
}

async function remove(options: AdministrationOptions, id: string): Promise<WebhookInfo> {
  const found = await options.definitions.find(id);
  await options.recorded({ action: 'webhook.delete', id, detail: detailOf(found) }, () =>
    options.definitions.change(webhooks => ({
      webhooks: webhooks.filter(each => each.id !== id),
      result: null,
    })),
  );
  return infoOf(found);
}

function detailOf({ url, types, prefix, active }: Webhook): Readonly<Record<string, unknown>> {
  return { url, types, prefix, active };
}

/** Place of the newest commit on the first-parent line. What follows it will be told, from there on if nothing was until now. */
async function newestOrdinal({ state, newest }: AdministrationOptions): Promise<number> {
  const to = cursorOf(await newest());
  if ((await state.read()).cursor === null) await state.advance(undefined, to);
  return to.ordinal;
}

/** What was wished for, as it is kept. @throws KittiwakeError `webhook_invalid` */
function check(wish: WebhookWish, { allowed }: AdministrationOptions): Partial<Webhook> {
  const { url, description, types, prefix, active, secret } = wish;
  if (secret !== undefined) checkSecret(secret);
  return {
    ...(url === undefined ? {} : { url: checkUrl(url, allowed) }),
    ...(description === undefined ? {} : { description: checkDescription(description) }),
    ...(types === undefined ? {} : { types: checkTypes(types) }),
    ...(prefix === undefined ? {} : { prefix: checkPrefix(prefix) }),
    ...(active === undefined ? {} : { active }),
  };
}

async function deliveriesOf(
  outbox: Outbox,
  id: string,
  { state, after, limit }: DeliveryQuery,
): Promise<{ deliveries: Delivery[]; next?: string }> {
  const states: readonly ListedState[] = state === undefined ? ['waiting', 'sent', 'dead'] : [state];
  const prefix = messagePrefix(id);
  const pages = await Promise.all(states.map(each => outbox.list(each, { prefix, after, limit })));
  const found = new Map(pages.flatMap(({ messages }) => messages.map(message => [message.id, message])));
  const sorted = [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const deliveries = sorted.slice(0, limit).map(deliveryOf);
  const last = deliveries.at(-1);
  const isMore = sorted.length > limit || pages.some(({ more }) => more);
  return { deliveries, ...(isMore && last !== undefined ? { next: last.id } : {}) };
}

function deliveryOf({ payload, claim: _, ...message }: DueMessage): Delivery {
  const { event, type } = payload as WebhookPayload;
  return { ...message, event, type };
}

function infoOf({ secret: _secret, previous: _previous, ...info }: Webhook): WebhookInfo {
  return info;
}

function makeSecret(runtime: Runtime): string {
  return `whsec_${runtime.randomBytes(32).toString('base64')}`;
}

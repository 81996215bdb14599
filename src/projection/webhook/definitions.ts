import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { openStateDocument } from '../state/state-document.ts';
import { webhookNotFound } from './errors.ts';
import { parseWebhooks, type Webhook } from './webhook.ts';

/** The webhooks of a wiki: the document `projections/<uuid>/webhook-definitions`, which no commit makes again. */
export interface WebhookDefinitions {
  list(): Promise<readonly Webhook[]>;
  /** @throws KittiwakeError `webhook_not_found` */
  find(id: string): Promise<Webhook>;
  /**
   * Replaces all of them. `change` decides from what there is alone, runs again on every attempt, and throws to refuse.
   * Without `webhooks` all stays as it is.
   */
  change<R extends NonNullable<unknown> | null>(
    change: (webhooks: readonly Webhook[]) => { webhooks?: readonly Webhook[]; result: R },
  ): Promise<R>;
  /** Changes one of them. @throws KittiwakeError `webhook_not_found` */
  update(id: string, update: (webhook: Webhook) => Webhook): Promise<Webhook>;
}

export const DEFINITIONS = 'webhook-definitions';

export function openDefinitions({
  store,
  uuid,
  runtime,
}: {
  store: ByteStore;
  /** Of the wiki. */
  uuid: string;
  runtime: Runtime;
}): WebhookDefinitions {
  const own: readonly Webhook[] = [];
  const parseOwn = parseWebhooks;
  const document = openStateDocument({ store, uuid, name: DEFINITIONS, runtime, own, parseOwn });

  const change: WebhookDefinitions['change'] = decide =>
    document.change(state => {
      const { webhooks, result } = decide(state.own);
      return webhooks === undefined ? { result } : { state: { ...state, own: webhooks }, result };
    });

  return {
    change,
    list: async () => (await document.read()).own,
    find: async id => foundIn((await document.read()).own, id),
    update: (id, update) =>
      change(webhooks => {
        const result = update(foundIn(webhooks, id));
        return { webhooks: webhooks.map(each => (each.id === id ? result : each)), result };
      }),
  };
}

function foundIn(webhooks: readonly Webhook[], id: string): Webhook {
  const found = webhooks.find(webhook => webhook.id === id);
  if (found === undefined) throw webhookNotFound(id);
  return found;
}

import type { Principal } from '../../auth/principal.ts';
import type { Outbox } from '../../projection/outbox/outbox.ts';
import type { RunnableProjection } from '../../projection/runnable.ts';
import type { StateDocument } from '../../projection/state/state-document.ts';
import type { WebhookDefinitions } from '../../projection/webhook/definitions.ts';
import type { WebhookAdministration } from '../../projection/webhook/webhook-administration.ts';
import { lazy } from '../lazy.ts';
import type { ProjectionParts } from './parts.ts';

export interface Webhooks {
  projection: RunnableProjection;
  /** @throws KittiwakeError `forbidden` for who does not administer the wiki */
  as(principal: Principal): Promise<WebhookAdministration>;
}

interface Parts {
  definitions: WebhookDefinitions;
  state: StateDocument<null>;
  outbox: Outbox;
  uuid: string;
}

/** Those who are told of commits over HTTP. */
export function webhooksOf(given: ProjectionParts): Webhooks {
  const { environment, store, wiki } = given;
  const { runtime, recorder } = environment;
  const parts = lazy('webhooks', recorder, async (): Promise<Parts> => {
    const [{ openDefinitions }, { openStateDocument }, { openOutbox }, opened, uuid] = await Promise.all([
      import('../../projection/webhook/definitions.ts'),
      import('../../projection/state/state-document.ts'),
      import('../../projection/outbox/outbox.ts'),
      store(),
      wiki.wikiId(),
    ]);
    const place = { store: opened, uuid, runtime };
    const outbox = openOutbox({ ...place, kind: 'webhook' });
    const state = openStateDocument({ ...place, name: 'webhooks', own: null, parseOwn: () => null });
    return { definitions: openDefinitions(place), state, outbox, uuid };
  });
  return {
    projection: lazyProjection(given, parts),
    as: principal => administration(given, parts, principal),
  };
}

async function administration(
  { environment, wiki }: ProjectionParts,
  parts: () => Promise<Parts>,
  principal: Principal,
): Promise<WebhookAdministration> {
  const [{ checkAdministrator }, { administerWebhooks }, { uuid: _, ...known }, allowed] = await Promise.all([
    import('../../auth/administrator.ts'),
    import('../../projection/webhook/webhook-administration.ts'),
    parts(),
    allowedBy(environment),
  ]);
  checkAdministrator(principal);
  return administerWebhooks({
    ...known,
    allowed,
    runtime: environment.runtime,
    actor: principal.id,
    newest: async () => (await wiki.repository()).view({ maxAgeMs: 0 }),
    recorded: async ({ action, id, detail }, effect) => {
      const event = { actor: principal.id, action, subject: `webhook:${id}`, detail };
      return await (await wiki.audit()).record(event, effect);
    },
  });
}

function lazyProjection(
  { environment, events }: ProjectionParts,
  parts: () => Promise<Parts>,
): RunnableProjection {
  const { runtime, log, recorder } = environment;
  const made = lazy('webhook-projection', recorder, async () => {
    const [{ createWebhookProjection }, reader, known] = await Promise.all([
      import('../../projection/webhook/webhook-projection.ts'),
      events(),
      parts(),
    ]);
    return createWebhookProjection({
      ...known,
      wiki: known.uuid,
      events: reader,
      runtime,
      posting: async () => ({ allowed: await allowedBy(environment) }),
      onError: error => log.failure('webhook_failed', error, {}),
    });
  });
  return {
    name: 'webhooks',
    condition: async () => (await made()).condition(),
    run: async run => (await made()).run(run),
    rebuild: async run => (await made()).rebuild(run),
    sweep: async run => (await (await made()).sweep?.(run)) ?? {},
  };
}

async function allowedBy({ settings }: ProjectionParts['environment']) {
  const [{ parseRanges }, { config }] = await Promise.all([import('../../net/addresses.ts'), settings()]);
  return parseRanges(config.webhookAllow);
}

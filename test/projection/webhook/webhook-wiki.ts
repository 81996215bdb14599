import { type Runtime, randomId, systemRuntime } from '../../../src/core/runtime.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { parseRanges } from '../../../src/net/addresses.ts';
import { createEventReader } from '../../../src/projection/event/event-reader.ts';
import { type Outbox, openOutbox } from '../../../src/projection/outbox/outbox.ts';
import type { ProjectionRun, RunnableProjection } from '../../../src/projection/runnable.ts';
import { openStateDocument } from '../../../src/projection/state/state-document.ts';
import { openDefinitions } from '../../../src/projection/webhook/definitions.ts';
import {
  administerWebhooks,
  type WebhookAdministration,
} from '../../../src/projection/webhook/webhook-administration.ts';
import { createWebhookProjection } from '../../../src/projection/webhook/webhook-projection.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { newRepository } from '../../support/repository.ts';

/** A wiki whose clock can be moved. */
export interface WebhookWiki {
  readonly uuid: string;
  readonly store: ByteStore;
  readonly repository: LedgerRepository;
  readonly webhooks: WebhookAdministration;
  readonly outbox: Outbox;
  /** Changes that were noted in the audit log. */
  readonly recorded: string[];
  /** As another process has it, and another store reaches it. */
  projection(store?: ByteStore): RunnableProjection;
  /** One run, to the newest commit. */
  run(projection?: RunnableProjection): Promise<Record<string, unknown>>;
  later(ms: number): void;
}

export async function webhookWiki(): Promise<WebhookWiki> {
  let aheadMs = 0;
  const runtime: Runtime = { ...systemRuntime, now: () => Date.now() + aheadMs };
  const store = createMemoryByteStore({ runtime });
  const uuid = randomId(runtime);
  const repository = await newRepository({ store, uuid, runtime });
  const allowed = parseRanges(['127.0.0.1']);
  const place = { store, uuid, runtime };
  const outbox = openOutbox({ ...place, kind: 'webhook' });
  const recorded: string[] = [];
  const newest = () => repository.view({ maxAgeMs: 0 });
  const stateOf = (reached: ByteStore) =>
    openStateDocument({ ...place, store: reached, name: 'webhooks', own: null, parseOwn: () => null });
  const webhooks = administerWebhooks({
    definitions: openDefinitions(place),
    outbox,
    runtime,
    allowed,
    actor: 'api-key',
    newest,
    state: stateOf(store),
    recorded: async ({ action, detail }, effect) => {
      recorded.push(`${action} ${JSON.stringify(detail)}`);
      return await effect();
    },
  });
  const projection = (reached: ByteStore = store) => {
    const there = { ...place, store: reached };
    return createWebhookProjection({
      definitions: openDefinitions(there),
      outbox: openOutbox({ ...there, kind: 'webhook' }),
      events: createEventReader(),
      state: stateOf(reached),
      wiki: uuid,
      runtime,
      posting: async () => ({ allowed }),
    });
  };
  const all: ProjectionRun = { newest, deadlineMs: Number.POSITIVE_INFINITY };
  const own = projection();
  return {
    uuid,
    store,
    repository,
    webhooks,
    outbox,
    recorded,
    projection,
    run: async (other = own) => await other.run(all),
    later: ms => {
      aheadMs += ms;
    },
  };
}

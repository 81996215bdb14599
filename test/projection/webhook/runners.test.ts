import { describe, expect, it } from 'vitest';
import type { RunnableProjection } from '../../../src/projection/runnable.ts';
import { stateKey } from '../../../src/projection/state/state-document.ts';
import { commitFiles } from '../../support/repository.ts';
import { endingAt } from '../outbox/ending-store.ts';
import { startReceiver } from './receiver.ts';
import { type WebhookWiki, webhookWiki } from './webhook-wiki.ts';

/** A wiki with a webhook. */
async function told() {
  const [wiki, receiver] = [await webhookWiki(), await startReceiver()];
  await wiki.webhooks.create({ url: receiver.url });
  return { wiki, receiver };
}

async function commits({ repository }: WebhookWiki): Promise<void> {
  await commitFiles(repository, { 'a.md': 'a', 'b.md': 'b' });
  await commitFiles(repository, { 'a.md': null, 'c.md': 'c', 'c/f.png': 'f' });
  await commitFiles(repository, { 'b.md': 'changed' });
}

/** Which messages are in the outbox, wherever they lie. */
async function messages({ store, uuid }: WebhookWiki): Promise<string[]> {
  const { objects } = await store.list(`outbox/${uuid}/`);
  return [...new Set(objects.map(({ key }) => key.slice(key.lastIndexOf('/') + 1)))].sort();
}

async function setBack({ store, uuid }: WebhookWiki, body: unknown): Promise<void> {
  const key = stateKey(uuid, 'webhooks');
  const got = await store.get(key);
  if (got.kind !== 'found') throw new Error('There is no cursor');
  const document = JSON.parse(got.bytes.toString());
  const bytes = Buffer.from(
    JSON.stringify({ ...document, body, seq: document.seq + 1, nonce: 'f'.repeat(32) }),
  );
  expect(await store.put(key, [bytes], { ifMatch: got.version })).toMatchObject({ kind: 'stored' });
}

describe('several runs of the webhooks', () => {
  it('that end at any call leave the messages of one that does not, each sent once or accounted for', async () => {
    for (let call = 1; call <= 40; call += 3) {
      const { wiki, receiver } = await told();
      await commits(wiki);
      void wiki.run(wiki.projection(endingAt(wiki.store, call)));
      await new Promise(resolve => setTimeout(resolve, 60));
      const early = receiver.received.length;
      wiki.later(3_600_000);
      const { possibly_doubled } = await wiki.run();
      const ids = receiver.received.map(({ headers }) => String(headers['webhook-id']));
      expect(new Set(ids).size, `call ${call}`).toBe(6);
      expect(await messages(wiki), `call ${call}`).toEqual([...new Set(ids)].sort());
      expect(ids.length - 6, `call ${call}, ${early} before`).toBeLessThanOrEqual(Number(possibly_doubled));
    }
  });

  it('at once send everything, and nothing twice', async () => {
    const { wiki, receiver } = await told();
    await commits(wiki);
    const runs: RunnableProjection[] = [wiki.projection(), wiki.projection(), wiki.projection()];
    const counts = await Promise.all(runs.map(each => wiki.run(each)));
    expect(receiver.received).toHaveLength(6);
    expect(counts.reduce((sum, { sent }) => sum + Number(sent), 0)).toBe(6);
    expect(await messages(wiki)).toHaveLength(6);
  });

  it('from a cursor that was set back send nothing again', async () => {
    const { wiki, receiver } = await told();
    const got = await wiki.store.get(stateKey(wiki.uuid, 'webhooks'));
    const before = got.kind === 'found' ? JSON.parse(got.bytes.toString()).body : undefined;
    await commits(wiki);
    await wiki.run();
    const sent = await messages(wiki);
    for (let again = 0; again < 2; again += 1) {
      await setBack(wiki, before);
      expect(await wiki.run(wiki.projection())).toMatchObject({ events: 6, sent: 0 });
    }
    expect(receiver.received).toHaveLength(6);
    expect(await messages(wiki)).toEqual(sent);
  });
});

import { describe, expect, it } from 'vitest';
import { commitFiles } from '../../support/repository.ts';
import { isSigned, startReceiver } from './receiver.ts';
import { webhookWiki } from './webhook-wiki.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function told(receiver: { received: readonly { text: string }[] }): string[] {
  return receiver.received.map(({ text }) => {
    const { type, path, from } = JSON.parse(text);
    return [type, path, from].filter(part => part !== undefined).join(' ');
  });
}

describe('webhooks', () => {
  it('are told of commits that come after them, signed', async () => {
    const [wiki, receiver] = [await webhookWiki(), await startReceiver()];
    await commitFiles(wiki.repository, { 'before.md': 'text' });
    const { secret, webhook } = await wiki.webhooks.create({ url: receiver.url });
    const commit = await commitFiles(wiki.repository, { 'docs/intro.md': 'one\ntwo\nthree\n' }, 'Begin');
    await commitFiles(wiki.repository, { 'docs/intro.md': null, 'docs/start.md': 'one\ntwo\nthree\n' });
    await commitFiles(wiki.repository, { 'docs/start/a.png': 'x', 'before.md': null });
    await wiki.run();
    expect(told(receiver).sort()).toEqual([
      'attachment_saved docs/start/a.png',
      'page_created docs/intro',
      'page_deleted before',
      'page_renamed docs/start docs/intro',
    ]);
    const first = receiver.received.find(({ text }) => text.includes('page_created'));
    expect(JSON.parse(first?.text ?? '')).toEqual({
      id: `${commit}-0`,
      type: 'page_created',
      wiki: wiki.uuid,
      occurred_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      commit,
      author: 'Ann',
      message: 'Begin',
      path: 'docs/intro',
    });
    expect(first?.headers['content-type']).toBe('application/json');
    expect(receiver.received.map(each => isSigned(each, secret))).toEqual([true, true, true, true]);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(4);
    expect(await wiki.run()).toMatchObject({ sent: 0, waiting: 0 });
    const { deliveries } = await wiki.webhooks.deliveries(webhook.id, { limit: 10 });
    expect(deliveries.map(({ state, attempts, last }) => [state, attempts, last?.note?.status])).toEqual(
      Array.from({ length: 4 }, () => ['sent', 1, 204]),
    );
    expect(deliveries.map(({ type }) => type)).toEqual([
      'attachment_saved',
      'page_deleted',
      'page_renamed',
      'page_created',
    ]);
  });

  it('are told only of what they asked for', async () => {
    const [wiki, receiver] = [await webhookWiki(), await startReceiver()];
    await wiki.webhooks.create({
      url: receiver.url,
      prefix: '/docs/',
      types: ['page_created', 'page_renamed'],
    });
    await commitFiles(wiki.repository, {
      'docs.md': 'a',
      'docs/a.md': 'b',
      'docsx.md': 'c',
      'docs/f.png': 'd',
    });
    await commitFiles(wiki.repository, { 'docs/a.md': null, 'elsewhere.md': 'b' });
    await commitFiles(wiki.repository, { 'docs.md': 'changed' });
    await wiki.run();
    expect(told(receiver).sort()).toEqual([
      'page_created docs',
      'page_created docs/a',
      'page_renamed elsewhere docs/a',
    ]);
  });

  it('are tried again later and later, and given up after eight attempts', async () => {
    const [wiki, receiver] = [await webhookWiki(), await startReceiver()];
    const { webhook } = await wiki.webhooks.create({ url: receiver.url });
    await commitFiles(wiki.repository, { 'a.md': 'text' });
    receiver.replies.push(...Array.from({ length: 8 }, () => 500));
    expect(await wiki.run()).toMatchObject({ failed: 1 });
    expect(await wiki.run()).toMatchObject({ failed: 0, waiting: 1 });
    for (let attempt = 2; attempt <= 8; attempt += 1) {
      wiki.later(15 * HOUR_MS);
      expect(await wiki.run()).toMatchObject(attempt < 8 ? { failed: 1 } : { dead: 1 });
    }
    wiki.later(15 * HOUR_MS);
    expect(await wiki.run()).toMatchObject({ failed: 0, dead: 0, waiting: 0 });
    expect(receiver.received).toHaveLength(8);
    expect(new Set(receiver.received.map(({ headers, text }) => headers['webhook-id'] + text)).size).toBe(1);
    const { deliveries } = await wiki.webhooks.deliveries(webhook.id, { limit: 10, state: 'dead' });
    expect(deliveries).toMatchObject([
      { attempts: 8, last: { code: 'webhook_status', note: { status: 500 } } },
    ]);
  });

  it('are sent again what was given up, under the same id, as often as that is asked for', async () => {
    const [wiki, receiver] = [await webhookWiki(), await startReceiver()];
    const { webhook } = await wiki.webhooks.create({ url: receiver.url });
    await commitFiles(wiki.repository, { 'a.md': 'text' });
    await wiki.run();
    const [delivery] = (await wiki.webhooks.deliveries(webhook.id, { limit: 10 })).deliveries;
    const id = delivery?.id ?? '';
    const replay = await wiki.webhooks.replay(webhook.id, id);
    expect(await wiki.webhooks.replay(webhook.id, id)).toBe(replay);
    await expect(wiki.webhooks.replay(webhook.id, replay)).rejects.toMatchObject({
      code: 'outbox_message_waiting',
    });
    await wiki.run();
    expect(await wiki.webhooks.replay(webhook.id, id)).not.toBe(replay);
    await wiki.run();
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
    await expect(wiki.webhooks.replay(webhook.id, 'nothing')).rejects.toMatchObject({
      code: 'outbox_message_absent',
    });
  });

  it('that say that they are gone are asked no more, until somebody makes them active', async () => {
    const [wiki, receiver] = [await webhookWiki(), await startReceiver()];
    const { webhook } = await wiki.webhooks.create({ url: receiver.url });
    await commitFiles(wiki.repository, { 'a.md': 'text' });
    receiver.replies.push(410);
    expect(await wiki.run()).toMatchObject({ dead: 1 });
    expect(await wiki.webhooks.read(webhook.id)).toMatchObject({
      active: false,
      stopped: { code: 'webhook_gone' },
    });
    await commitFiles(wiki.repository, { 'b.md': 'text' });
    await wiki.run();
    const { webhook: again } = await wiki.webhooks.change(webhook.id, { active: true });
    expect([again.active, again.stopped]).toEqual([true, undefined]);
    await commitFiles(wiki.repository, { 'c.md': 'text' });
    await wiki.run();
    expect(told(receiver)).toEqual(['page_created a', 'page_created c']);
  });

  it('that are deleted, or inactive, are not told what waited', async () => {
    const [wiki, receiver] = [await webhookWiki(), await startReceiver()];
    const { webhook } = await wiki.webhooks.create({ url: receiver.url });
    receiver.replies.push(503);
    await commitFiles(wiki.repository, { 'a.md': 'text' });
    await wiki.run();
    await wiki.webhooks.remove(webhook.id);
    wiki.later(HOUR_MS);
    expect(await wiki.run()).toMatchObject({ dead: 1 });
    expect(receiver.received).toHaveLength(1);
    await expect(wiki.webhooks.read(webhook.id)).rejects.toMatchObject({ code: 'webhook_not_found' });
  });

  it('that get a new secret are signed to with both for a day', async () => {
    const [wiki, receiver] = [await webhookWiki(), await startReceiver()];
    const { webhook, secret } = await wiki.webhooks.create({ url: receiver.url });
    const { secret: renewed = '' } = await wiki.webhooks.change(webhook.id, { renewSecret: true });
    for (const waitMs of [0, DAY_MS + 1]) {
      wiki.later(waitMs);
      await wiki.webhooks.ping(webhook.id);
      await wiki.run();
    }
    expect(receiver.received.map(each => [isSigned(each, secret), isSigned(each, renewed)])).toEqual([
      [true, true],
      [false, true],
    ]);
    expect(JSON.parse(receiver.received[0]?.text ?? '')).toMatchObject({ type: 'ping', wiki: wiki.uuid });
  });

  it('keep their secrets to themselves, also in the log of what was done', async () => {
    const [wiki, receiver] = [await webhookWiki(), await startReceiver()];
    const { webhook, secret } = await wiki.webhooks.create({ url: receiver.url });
    await wiki.webhooks.change(webhook.id, { renewSecret: true, description: 'x' });
    const shown = JSON.stringify([
      await wiki.webhooks.list(),
      await wiki.webhooks.read(webhook.id),
      wiki.recorded,
    ]);
    expect(shown).not.toContain('whsec_');
    expect(shown).not.toContain(secret.slice(6));
    expect(wiki.recorded.map(each => each.split(' ')[0])).toEqual(['webhook.create', 'webhook.change']);
  });

  it('are at most 50', async () => {
    const wiki = await webhookWiki();
    for (let index = 0; index < 50; index += 1) await wiki.webhooks.create({ url: 'https://example.org/' });
    await expect(wiki.webhooks.create({ url: 'https://example.org/' })).rejects.toMatchObject({
      code: 'webhooks_full',
    });
  });

  it('are told nothing again by a rebuild, and not what was skipped by it', async () => {
    const [wiki, receiver] = [await webhookWiki(), await startReceiver()];
    await wiki.webhooks.create({ url: receiver.url });
    await commitFiles(wiki.repository, { 'a.md': 'text' });
    await wiki.run();
    await commitFiles(wiki.repository, { 'b.md': 'text' });
    const projection = wiki.projection();
    await projection.rebuild({
      newest: () => wiki.repository.view({ maxAgeMs: 0 }),
      deadlineMs: Number.POSITIVE_INFINITY,
    });
    await wiki.run(projection);
    await commitFiles(wiki.repository, { 'c.md': 'text' });
    await wiki.run(projection);
    expect(told(receiver)).toEqual(['page_created a', 'page_created c']);
  });

  it('leave nothing behind when what they were told is old', async () => {
    const [wiki, receiver] = [await webhookWiki(), await startReceiver()];
    await wiki.webhooks.create({ url: receiver.url });
    await commitFiles(wiki.repository, { 'a.md': 'text', 'b.md': 'text' });
    receiver.replies.push(410);
    await wiki.run();
    const left = async () => (await wiki.store.list(`outbox/${wiki.uuid}/`)).objects.length;
    expect(await left()).toBe(2);
    wiki.later(6 * DAY_MS);
    expect(await wiki.outbox.sweep()).toBe(0);
    wiki.later(25 * DAY_MS);
    expect(await wiki.outbox.sweep()).toBe(2);
    expect(await left()).toBe(0);
  });

  it('find no text of a page, author or path in what waits for them', async () => {
    const [wiki, receiver] = [await webhookWiki(), await startReceiver()];
    await wiki.webhooks.create({ url: receiver.url });
    receiver.replies.push(500);
    await commitFiles(wiki.repository, { 'secret-path.md': 'secret-text' }, 'secret-message');
    await wiki.run();
    const { objects } = await wiki.store.list(`outbox/${wiki.uuid}/`);
    expect(objects).toHaveLength(1);
    const got = await wiki.store.get(objects[0]?.key ?? '');
    const text = got.kind === 'found' ? got.bytes.toString() : '';
    expect(text).toContain('page_created');
    for (const private_ of ['secret', 'Ann', 'ann@']) expect(text).not.toContain(private_);
  });
});

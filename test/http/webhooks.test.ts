import { describe, expect, it } from 'vitest';
import { startReceiver } from '../projection/webhook/receiver.ts';
import { type Harness, openWiki } from './harness.ts';

const HOOK = { url: 'https://hooks.example.org/wiki', events: ['page_created'], prefix: 'docs' };

async function runAll({ service }: Harness): Promise<void> {
  const newest = async () => (await service.repository()).view({ maxAgeMs: 0 });
  for (const { run } of (await service.projections()).list)
    await run({ newest, deadlineMs: Number.POSITIVE_INFINITY });
}

describe('webhooks over HTTP', () => {
  it('are made with a secret that is shown once, changed, and deleted', async () => {
    const wiki = await openWiki();
    const { status, body: made, headers } = await wiki.call('POST', '/webhooks', HOOK);
    expect([status, headers['cache-control']]).toEqual([201, 'no-store']);
    expect(made).toMatchObject({ ...HOOK, active: true, description: '', stopped: null });
    expect(made.secret).toMatch(/^whsec_/);
    const { secret, ...shown } = made;
    expect((await wiki.call('GET', '/webhooks')).body).toEqual({ webhooks: [shown] });
    expect((await wiki.call('GET', `/webhooks/${made.id}`)).body).toEqual(shown);
    const changes = { active: false, events: [], prefix: null, description: 'Mine' };
    const { body: changed } = await wiki.call('PATCH', `/webhooks/${made.id}`, changes);
    expect(changed).toMatchObject({ active: false, events: [], prefix: 'docs', description: 'Mine' });
    const { body: renewed } = await wiki.call('PATCH', `/webhooks/${made.id}`, { renew_secret: true });
    expect(renewed.secret).toMatch(/^whsec_/);
    expect(renewed.secret).not.toBe(secret);
    expect((await wiki.call('DELETE', `/webhooks/${made.id}`)).status).toBe(200);
    expect((await wiki.call('GET', `/webhooks/${made.id}`)).body.code).toBe('webhook_not_found');
    expect((await wiki.call('DELETE', `/webhooks/${made.id}`)).status).toBe(404);
    const { body: audit } = await wiki.call('GET', '/audit');
    expect(audit.entries.map(({ action }: { action: string }) => action)).toEqual([
      'webhook.delete',
      'webhook.change',
      'webhook.change',
      'webhook.create',
    ]);
    expect(JSON.stringify(audit)).not.toContain('whsec_');
  });

  it('are not made of what cannot be one', async () => {
    const wiki = await openWiki();
    for (const [body, code] of [
      [{}, 'body_invalid'],
      [{ url: 7 }, 'body_invalid'],
      [{ ...HOOK, more: 1 }, 'body_invalid'],
      [{ ...HOOK, events: ['page_read'] }, 'body_invalid'],
      [{ url: 'http://169.254.169.254/' }, 'webhook_invalid'],
      [{ url: 'http://127.0.0.1:8080/' }, 'webhook_invalid'],
      [{ url: 'nothing' }, 'webhook_invalid'],
      [{ ...HOOK, secret: 'short' }, 'webhook_invalid'],
      [{ ...HOOK, prefix: 'x'.repeat(1_001) }, 'webhook_invalid'],
      [{ ...HOOK, description: 'two\nlines' }, 'webhook_invalid'],
    ] as const) {
      const answer = await wiki.call('POST', '/webhooks', body);
      expect([answer.status, answer.body.code], JSON.stringify(body)).toEqual([422, code]);
    }
    expect((await wiki.call('GET', '/webhooks')).body).toEqual({ webhooks: [] });
  });

  it('are told of commits, and what they were told is listed and sent again', async () => {
    const receiver = await startReceiver();
    const wiki = await openWiki({ KITTIWAKE_WEBHOOK_ALLOW: '127.0.0.1' });
    const { id } = (await wiki.call('POST', '/webhooks', { url: receiver.url })).body;
    receiver.replies.push(500);
    await wiki.write('docs/a', 'text');
    await runAll(wiki);
    const list = async (query = '') => (await wiki.call('GET', `/webhooks/${id}/deliveries${query}`)).body;
    const [failed] = (await list('?state=waiting')).deliveries;
    expect(failed).toMatchObject({
      type: 'page_created',
      state: 'waiting',
      attempts: 1,
      possibly_doubled: 0,
      last_attempt: { code: 'webhook_status', status: 500 },
    });
    const replay = (delivery: string) => wiki.call('POST', `/webhooks/${id}/deliveries/${delivery}/replay`);
    expect((await replay(failed.id)).body.code).toBe('outbox_message_waiting');
    expect((await replay('nothing')).body.code).toBe('outbox_message_absent');
    const { status, body } = await wiki.call('POST', `/webhooks/${id}/ping`);
    expect(status).toBe(202);
    await runAll(wiki);
    const [sent] = (await list('?state=sent')).deliveries;
    expect(sent).toMatchObject({
      id: body.delivery,
      type: 'ping',
      last_attempt: { code: null, status: 204 },
    });
    expect((await replay(sent.id)).status).toBe(202);
    await runAll(wiki);
    expect(receiver.received.map(({ text }) => JSON.parse(text).type)).toEqual([
      'page_created',
      'ping',
      'ping',
    ]);
    const first = await list('?limit=1');
    const second = await list(`?limit=2&cursor=${first.next_cursor}`);
    expect([...first.deliveries, ...second.deliveries]).toEqual((await list()).deliveries);
    expect((await wiki.call('GET', `/webhooks/${id}/deliveries?state=all`)).body.code).toBe('query_invalid');
  });
});

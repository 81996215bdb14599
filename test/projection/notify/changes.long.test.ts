import { describe, expect, test } from 'vitest';
import { API, openMailWiki, SITE, virtualClock } from './mail-wiki.ts';

describe('who watches', () => {
  test('a page is mailed what others do to it, once', async () => {
    const wiki = await openMailWiki();
    await wiki.user('Admin');
    const anna = await wiki.user('Anna');
    await wiki.run();
    const watched = await wiki.call('PUT', '/watches/pages/Docs/Intro', undefined, anna.auth);
    expect(watched).toMatchObject({ status: 200, body: { kind: 'page', path: 'docs/intro' } });
    await wiki.call('PUT', '/pages/docs/intro', { content: 'Hello', commit_message: 'A first\nversion' });
    await wiki.call('PUT', '/pages/docs/other', { content: 'Other' });
    await wiki.call('PUT', '/pages/docs/intro/below', { content: 'Below' });
    const [mail, ...others] = await wiki.mails();
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ to: ['anna@example.org'], from: 'wiki@example.org' });
    expect(mail?.headers.get('subject')).toBe('[Kittiwake] Docs/Intro');
    expect(mail?.headers.get('message-id')).toMatch(/^<[0-9a-f]{40}@wiki\.example\.org>$/);
    expect(mail?.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(mail?.body).toContain(`- created: Docs/Intro\n  ${SITE}/docs/intro\n`);
    expect(mail?.body).toContain('    A first\n    version\n');
    expect(mail?.body).toContain(`${API}/api/v1/unsubscribe?token=`);
    expect(mail?.body).not.toContain('Other');
    expect(await wiki.mails()).toEqual([]);
  });

  test('what lies below a page, or the whole wiki, is mailed that, and one mail a commit', async () => {
    const wiki = await openMailWiki();
    await wiki.user('Admin');
    const [anna, bob] = [await wiki.user('Anna'), await wiki.user('Bob')];
    await wiki.run();
    await wiki.call('PUT', '/watches/folders/docs', undefined, anna.auth);
    await wiki.call('PUT', '/watches/wiki', undefined, bob.auth);
    await wiki.call('PUT', '/watches/pages/docs/intro', undefined, bob.auth);
    await wiki.call('PUT', '/pages/docs/intro', { content: 'Hello' });
    await wiki.call('PUT', '/pages/docs', { content: 'Docs' });
    const told = (await wiki.mails()).map(({ to, headers }) => [to[0], headers.get('subject')]).sort();
    expect(told).toEqual([
      ['anna@example.org', '[Kittiwake] Docs/Intro'],
      ['bob@example.org', '[Kittiwake] Docs'],
      ['bob@example.org', '[Kittiwake] Docs/Intro'],
    ]);
  });

  test('is not mailed what it did itself, and nothing after it unwatches', async () => {
    const wiki = await openMailWiki();
    await wiki.user('Admin');
    const anna = await wiki.user('Anna');
    await wiki.run();
    await wiki.call('PUT', '/watches/wiki', undefined, anna.auth);
    await wiki.call('PUT', '/pages/a', { content: 'Hello' }, anna.auth);
    expect(await wiki.mails()).toEqual([]);
    const ended = await wiki.call('DELETE', '/watches/wiki', undefined, anna.auth);
    expect(ended).toMatchObject({ status: 200, body: { deleted: true, kind: 'wiki', path: null } });
    await wiki.call('PUT', '/pages/b', { content: 'Hello' });
    expect(await wiki.mails()).toEqual([]);
  });

  test('is told nothing of a page that it may not read, nor what message its commit had', async () => {
    const wiki = await openMailWiki();
    await wiki.user('Admin');
    const anna = await wiki.user('Anna');
    await wiki.call('PUT', '/policy/rules/secret', { read: ['ADMIN'] });
    await wiki.run();
    await wiki.call('PUT', '/watches/wiki', undefined, anna.auth);
    await wiki.call('PUT', '/pages/secret/plan', { content: 'Hidden' });
    expect(await wiki.mails()).toEqual([]);
    const changes = [
      { op: 'put', path: 'secret/other', content: 'x' },
      { op: 'put', path: 'open', content: 'y' },
    ];
    const batch = await wiki.call('POST', '/batch', { changes, commit_message: 'About secret/other' });
    expect(batch.status).toBe(200);
    const [mail] = await wiki.mails();
    expect(mail?.body).toContain('- created: Open');
    expect(mail?.text).not.toMatch(/secret/i);
  });

  test('is told nothing of a page that was protected between the change and the mail', async () => {
    const clock = virtualClock();
    const wiki = await openMailWiki({}, clock);
    await wiki.user('Admin');
    const anna = await wiki.user('Anna');
    await wiki.run();
    await wiki.call('PUT', '/watches/wiki', undefined, anna.auth);
    await wiki.call('PUT', '/pages/plan', { content: 'Hello' });
    wiki.server.onMail = () => {
      throw Object.assign(new Error('Later'), { responseCode: 451 });
    };
    expect(await wiki.run()).toMatchObject({ mails: 0, mails_failed: 1 });
    wiki.server.onMail = () => {};
    await wiki.call('PUT', '/policy/rules/plan', { read: ['ADMIN'] });
    clock.pass(60_000);
    expect(await wiki.run()).toMatchObject({ mails: 1 });
    expect(wiki.server.received).toEqual([]);
  });

  test('nothing is mailed of what came before mails were sent', async () => {
    const wiki = await openMailWiki();
    await wiki.user('Admin');
    const anna = await wiki.user('Anna');
    await wiki.call('PUT', '/watches/wiki', undefined, anna.auth);
    await wiki.call('PUT', '/pages/a', { content: 'Hello' });
    expect(await wiki.mails()).toEqual([]);
  });
});

test('what is too much for an hour is told by one mail', async () => {
  const wiki = await openMailWiki();
  await wiki.user('Admin');
  const anna = await wiki.user('Anna');
  await wiki.run();
  await wiki.call('PUT', '/watches/wiki', undefined, anna.auth);
  for (let n = 0; n < 24; n += 1) await wiki.call('PUT', `/pages/p${n}`, { content: 'Hello' });
  const subjects = (await wiki.mails()).map(({ headers }) => headers.get('subject'));
  expect(subjects.filter(subject => subject !== '[Kittiwake] Many changes')).toHaveLength(20);
  // Two where the hour has changed meanwhile.
  expect(subjects.length).toBeGreaterThanOrEqual(21);
  expect(subjects.length).toBeLessThanOrEqual(22);
});

test('a mail that was sent before a process ended comes again with the same Message-ID, and is counted', async () => {
  const clock = virtualClock();
  const wiki = await openMailWiki({}, clock);
  await wiki.user('Admin');
  const anna = await wiki.user('Anna');
  await wiki.run();
  await wiki.call('PUT', '/watches/wiki', undefined, anna.auth);
  await wiki.call('PUT', '/pages/a', { content: 'Hello' });
  const store = await wiki.service.store();
  const put = store.put;
  // The process that sends ends before it can note that: nothing that it puts after that arrives.
  wiki.server.onMail = () => {
    store.put = () => Promise.reject(new Error('ended'));
  };
  await wiki.run().catch(() => {});
  store.put = put;
  wiki.server.onMail = () => {};
  const [first] = wiki.server.received.splice(0);
  clock.pass(400_000);
  expect(await wiki.run()).toMatchObject({ mails: 1, mails_doubled: 1 });
  const [second, ...others] = wiki.server.received.splice(0);
  expect(others).toEqual([]);
  expect(second?.headers.get('message-id')).toBe(first?.headers.get('message-id'));
  expect(await wiki.mails()).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import { API, type MailWiki, openMailWiki, virtualClock } from './mail-wiki.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** The path and query of the link in a mail, without `/api/v1`. */
function linkIn(text: string | undefined, path: string): string {
  const [, link] = new RegExp(`${API}/api/v1(/${path}\\?token=[\\w-]+)`).exec(text ?? '') ?? [];
  if (link === undefined) throw new Error(`There is no link to ${path} in ${text}`);
  return link;
}

async function logsIn(wiki: MailWiki, email: string, password: string): Promise<boolean> {
  const authorization = `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`;
  return (await wiki.call('GET', '/me', undefined, { authorization })).status === 200;
}

function tokenOf(link: string): string {
  return link.slice(link.indexOf('=') + 1);
}

describe('a new user', () => {
  test('without a password is mailed a link that sets one, once', async () => {
    const wiki = await openMailWiki();
    await wiki.user('Admin');
    await wiki.call('POST', '/users', { name: 'Anna', email: 'anna@example.org' });
    const [mail, ...others] = await wiki.mails();
    expect([mail?.to, others]).toEqual([['anna@example.org'], []]);
    const link = linkIn(mail?.body, 'account/password');
    const page = await wiki.call('GET', link);
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('type="password"') });
    expect(page.headers['content-security-policy']).toContain("form-action 'self'");
    const wrong = await wiki.call('POST', link, `token=${tokenOf(link)}&password=short`, FORM);
    expect(wrong).toMatchObject({ status: 422, body: expect.stringContaining('role="alert"') });
    const set = await wiki.call('POST', link, `token=${tokenOf(link)}&password=long+enough+now`, FORM);
    expect(set.status).toBe(200);
    expect(await logsIn(wiki, 'anna@example.org', 'long enough now')).toBe(true);
    const again = { token: tokenOf(link), password: 'another password' };
    expect(await wiki.call('POST', '/account/password', again)).toMatchObject({
      status: 403,
      body: { code: 'link_invalid' },
    });
    expect(await logsIn(wiki, 'anna@example.org', 'long enough now')).toBe(true);
  });

  test('is told of to administrators and the configured address, where that is set', async () => {
    const wiki = await openMailWiki({
      NOTIFY_ADMINS_ON_REGISTER: 'true',
      KITTIWAKE_ADMIN_EMAIL: 'Office <office@example.org>',
    });
    const admin = await wiki.user('Admin');
    await wiki.mails();
    await wiki.user('Anna');
    expect((await wiki.mails()).map(({ to }) => to[0]).sort()).toEqual([
      'admin@example.org',
      'office@example.org',
    ]);
    await wiki.call(
      'POST',
      '/users',
      { name: 'Bob', email: 'b@example.org', password: 'long enough' },
      admin.auth,
    );
    expect((await wiki.mails()).map(({ to }) => to[0])).toEqual(['office@example.org']);
  });

  test('is told when it is approved, where that is set', async () => {
    const wiki = await openMailWiki({ NOTIFY_USER_ON_APPROVAL: 'true' });
    await wiki.user('Admin');
    const { id } = await wiki.user('Anna', { approved: false });
    await wiki.call('PATCH', `/users/${id}`, { approved: true });
    await wiki.call('PATCH', `/users/${id}`, { approved: true, allow: ['write'] });
    const mails = await wiki.mails();
    expect(mails.map(({ to, headers }) => [to[0], headers.get('subject')])).toEqual([
      ['anna@example.org', '[Kittiwake] Your account was approved'],
    ]);
  });
});

test('administrators are mailed what they would not see otherwise, each once', async () => {
  const wiki = await openMailWiki({ KITTIWAKE_ADMIN_EMAIL: 'office@example.org' });
  await wiki.user('Admin');
  await wiki.user('Anna');
  const projections = await wiki.service.projections();
  const notice = { about: 'import a 1', subject: 'An import\r\nBcc: x@y.z', text: 'It failed' };
  for (let time = 0; time < 2; time += 1) await projections.tellAdministrators(async () => notice);
  const mails = [...(await wiki.mails()), ...(await wiki.mails()), ...(await wiki.mails())];
  expect(mails.map(({ to, headers }) => [to[0], headers.get('subject')]).sort()).toEqual([
    ['admin@example.org', '[Kittiwake] An import Bcc: x@y.z'],
    ['office@example.org', '[Kittiwake] An import Bcc: x@y.z'],
  ]);
});

describe('who has forgotten the password', () => {
  test('is answered as a stranger is, and mailed one link in a quarter of an hour', async () => {
    const clock = virtualClock();
    const wiki = await openMailWiki({}, clock);
    await wiki.user('Admin');
    const ask = async (email: string) => {
      const { status, body, headers } = await wiki.call('POST', '/account/recovery', { email });
      return { status, body, cache: headers['cache-control'] };
    };
    const [known, unknown] = [await ask('Admin@Example.org'), await ask('nobody@example.org')];
    expect(known).toEqual({ status: 202, body: { accepted: true }, cache: 'no-store' });
    expect(unknown).toEqual(known);
    const [mail, ...others] = await wiki.mails();
    expect([mail?.to, others]).toEqual([['admin@example.org'], []]);
    const link = linkIn(mail?.body, 'account/password');
    clock.pass(3_601_000);
    const late = { token: tokenOf(link), password: 'long enough now' };
    expect((await wiki.call('POST', '/account/password', late)).status).toBe(403);
  });

  test('cannot use a link after the password or the address was changed, or when locked', async () => {
    const clock = virtualClock();
    const wiki = await openMailWiki({}, clock);
    await wiki.user('Admin');
    const { id } = await wiki.user('Anna');
    for (const change of [
      () => wiki.call('POST', `/users/${id}/password`, { password: 'by an administrator' }),
      () => wiki.call('PATCH', `/users/${id}`, { email: 'anna@example.net' }),
      () => wiki.call('PATCH', `/users/${id}`, { locked: true }),
    ]) {
      const { body } = await wiki.call('GET', `/users/${id}`);
      await wiki.call('POST', '/account/recovery', { email: body.email });
      const [mail] = await wiki.mails();
      const link = linkIn(mail?.body, 'account/password');
      expect((await change()).status).toBe(200);
      const given = { token: tokenOf(link), password: 'long enough now' };
      expect((await wiki.call('POST', '/account/password', given)).status).toBe(403);
      clock.pass(900_000);
    }
  });

  test('of a user that never had one, is mailed nothing', async () => {
    const wiki = await openMailWiki();
    await wiki.user('Admin');
    const { body } = await wiki.call('POST', '/users', { name: 'Anna', email: 'anna@example.org' });
    await wiki.mails();
    expect((await wiki.call('POST', '/account/recovery', { email: 'anna@example.org' })).status).toBe(202);
    expect(await wiki.mails()).toEqual([]);
    expect((await wiki.call('POST', `/users/${body.id}/invitation`)).status).toBe(202);
  });

  test('is asked often is refused for a while', async () => {
    const wiki = await openMailWiki();
    const statuses = [];
    for (let n = 0; n < 70; n += 1) {
      statuses.push((await wiki.call('POST', '/account/recovery', { email: `a${n}@example.org` })).status);
    }
    expect(new Set(statuses)).toEqual(new Set([202, 429]));
    const waiting = await wiki.service.store().then(store => store.list(`outbox/`));
    expect(waiting.objects.length).toBeLessThanOrEqual(statuses.filter(status => status === 202).length);
  });

  test('leads to as many writes as a stranger does, whoever was asked for before', async () => {
    const wiki = await openMailWiki();
    await wiki.user('Admin');
    const store = await wiki.service.store();
    const added = async (email: string) => {
      const before = (await store.list('outbox/')).objects.length;
      await wiki.call('POST', '/account/recovery', { email });
      return (await store.list('outbox/')).objects.length - before;
    };
    expect(await added('first@example.org')).toBe(1);
    for (const email of ['admin@example.org', 'nobody@example.org']) {
      expect([await added(email), await added(email.toUpperCase())]).toEqual([1, 0]);
    }
  });

  test('is told that no mails are sent where that is so', async () => {
    const wiki = await openMailWiki({ KITTIWAKE_MAIL_SECRET: '' });
    await wiki.user('Admin');
    const asked = await wiki.call('POST', '/account/recovery', { email: 'admin@example.org' });
    expect(asked).toMatchObject({ status: 404, body: { code: 'mail_off' } });
  });
});

describe('a link to unsubscribe', () => {
  async function subscribed() {
    const wiki = await openMailWiki();
    await wiki.user('Admin');
    const anna = await wiki.user('Anna');
    await wiki.run();
    await wiki.call('PUT', '/watches/folders/docs', undefined, anna.auth);
    await wiki.call('PUT', '/watches/pages/other', undefined, anna.auth);
    await wiki.call('PUT', '/pages/docs/intro', { content: 'Hello' });
    const [mail] = await wiki.mails();
    const watches = async () => (await wiki.call('GET', '/watches', undefined, anna.auth)).body.watches;
    return { wiki, mail, watches };
  }

  test('asks before it ends what led to the mail, and nothing else', async () => {
    const { wiki, mail, watches } = await subscribed();
    const link = linkIn(mail?.body, 'unsubscribe');
    expect(mail?.headers.get('list-unsubscribe')).toBe(`<${API}/api/v1${link}>`);
    const page = await wiki.call('GET', link, undefined, { authorization: '' });
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('<form method="post">') });
    expect(await watches()).toHaveLength(2);
    const oneClick = await wiki.call('POST', link, 'List-Unsubscribe=One-Click', {
      ...FORM,
      authorization: '',
    });
    expect(oneClick.status).toBe(200);
    expect(await watches()).toMatchObject([{ kind: 'page', path: 'other' }]);
    expect((await wiki.call('POST', link, '', { authorization: '' })).status).toBe(200);
  });

  test('that was changed anywhere ends nothing', async () => {
    const { wiki, mail, watches } = await subscribed();
    const link = linkIn(mail?.body, 'unsubscribe');
    const start = link.indexOf('=') + 1;
    for (let at = start; at < link.length; at += 3) {
      const other = link[at] === 'A' ? 'B' : 'A';
      const changed = `${link.slice(0, at)}${other}${link.slice(at + 1)}`;
      const { status, body } = await wiki.call('POST', changed);
      // The last character may hold bits that do not count.
      if (at < link.length - 1) expect([status, body.code]).toEqual([403, 'link_invalid']);
    }
    for (const token of ['', 'A', '%00', 'A'.repeat(5_000)]) {
      expect((await wiki.call('POST', `/unsubscribe?token=${token}`)).status).toBe(403);
      expect((await wiki.call('GET', `/unsubscribe?token=${token}`)).status).toBe(403);
    }
    expect(await watches()).toHaveLength(2);
  });
});

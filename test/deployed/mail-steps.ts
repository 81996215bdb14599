import { expect } from 'vitest';
import type { ApiClient } from './support/client.ts';

/** What is deployed sends no mails, and who calls is no user: it says so. */
const refused =
  (method: string, path: string, [status, code]: readonly [number, string], given?: object) =>
  async ({ call }: ApiClient) => {
    const answer = await call(method, path, given);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  };

const noUser = [403, 'user_required'] as const;
const noLink = [403, 'link_invalid'] as const;
const noMail = [404, 'mail_off'] as const;

export const MAIL_STEPS = {
  listWatches: refused('GET', '/watches', noUser),
  watchWiki: refused('PUT', '/watches/wiki', noUser),
  unwatchWiki: refused('DELETE', '/watches/wiki', noUser),
  watchPage: refused('PUT', '/watches/pages/Docs/First', noUser),
  unwatchPage: refused('DELETE', '/watches/pages/Docs/First', noUser),
  watchFolder: refused('PUT', '/watches/folders/Docs', noUser),
  unwatchFolder: refused('DELETE', '/watches/folders/Docs', noUser),
  recoverAccount: refused('POST', '/account/recovery', noMail, { email: 'anna@example.org' }),
  setAccountPassword: refused('POST', '/account/password', noMail, { token: 'x', password: 'long enough' }),
  showUnsubscribeForm: refused('GET', '/unsubscribe?token=x', noLink),
  unsubscribe: refused('POST', '/unsubscribe?token=x', noLink),
  async showPasswordForm({ send }: ApiClient) {
    const page = await send('GET', '/account/password?token=x');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  },
  async inviteUser({ call }: ApiClient) {
    const user = { name: 'Invited', email: 'invited@example.org' };
    const { id } = (await call('POST', '/users', user)).body;
    const { status, body } = await call('POST', `/users/${id}/invitation`);
    expect([status, body.code]).toEqual([404, 'mail_off']);
    await call('DELETE', `/users/${id}`);
  },
};

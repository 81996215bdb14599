import type { Route } from '../route.ts';

const watches = () => import('./watches.ts');
const account = () => import('./account.ts');

const WATCHES = '/api/v1/watches';
const WIKI = `${WATCHES}/wiki`;
const PAGE = `${WATCHES}/pages/{path...}`;
const FOLDER = `${WATCHES}/folders/{path...}`;
const PASSWORD = '/api/v1/account/password';
const UNSUBSCRIBE = '/api/v1/unsubscribe';

/** What users watch, and what links in mails lead to. */
export const MAIL_ROUTES = [
  {
    name: 'listWatches',
    method: 'GET',
    pattern: WATCHES,
    access: 'known',
    load: async () => (await watches()).listWatches,
  },
  {
    name: 'watchWiki',
    method: 'PUT',
    pattern: WIKI,
    access: 'known',
    load: async () => (await watches()).watchWiki,
  },
  {
    name: 'unwatchWiki',
    method: 'DELETE',
    pattern: WIKI,
    access: 'known',
    load: async () => (await watches()).unwatchWiki,
  },
  {
    name: 'watchPage',
    method: 'PUT',
    pattern: PAGE,
    access: 'known',
    load: async () => (await watches()).watchPage,
  },
  {
    name: 'unwatchPage',
    method: 'DELETE',
    pattern: PAGE,
    access: 'known',
    load: async () => (await watches()).unwatchPage,
  },
  {
    name: 'watchFolder',
    method: 'PUT',
    pattern: FOLDER,
    access: 'known',
    load: async () => (await watches()).watchFolder,
  },
  {
    name: 'unwatchFolder',
    method: 'DELETE',
    pattern: FOLDER,
    access: 'known',
    load: async () => (await watches()).unwatchFolder,
  },
  {
    name: 'recoverAccount',
    method: 'POST',
    pattern: '/api/v1/account/recovery',
    access: 'open',
    load: async () => (await account()).recoverAccount,
  },
  {
    name: 'showPasswordForm',
    method: 'GET',
    pattern: PASSWORD,
    access: 'open',
    load: async () => (await account()).showPasswordForm,
  },
  {
    name: 'setAccountPassword',
    method: 'POST',
    pattern: PASSWORD,
    access: 'open',
    load: async () => (await account()).setAccountPassword,
  },
  {
    name: 'showUnsubscribeForm',
    method: 'GET',
    pattern: UNSUBSCRIBE,
    access: 'open',
    load: async () => (await account()).showUnsubscribeForm,
  },
  {
    name: 'unsubscribe',
    method: 'POST',
    pattern: UNSUBSCRIBE,
    access: 'open',
    load: async () => (await account()).unsubscribe,
  },
  {
    name: 'inviteUser',
    method: 'POST',
    pattern: '/api/v1/users/{id}/invitation',
    access: 'admin',
    load: async () => (await account()).inviteUser,
  },
] as const satisfies readonly Route[];

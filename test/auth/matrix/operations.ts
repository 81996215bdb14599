import type { RouteName } from '../../deployed/route-steps.ts';
import type { Harness } from '../../http/harness.ts';

/** A row of the table: a request that nothing but the caller's rights keeps from being carried out. */
export interface Operation {
  route: RouteName;
  /** In which part of the wiki; absent where that does not matter. */
  place?: Place;
  /** After `/api/v1`. */
  path: string;
  body?: object;
  headers?: Record<string, string>;
  /** Refusals that come after the caller was let in. */
  accepted?: readonly string[];
  /** It concerns whoever calls: users come with their passwords. */
  isOwn?: true;
  /** Takes back what an allowed request did. */
  undo?(wiki: Harness): Promise<unknown>;
}

export interface Place {
  name: string;
  page: string;
  /** The page's newest revision. */
  revision: string;
}

/** What the rows need besides the pages. */
export interface Given {
  /** Of somebody who calls nobody. */
  victim: string;
  victimToken: string;
}

const NO_ID = '0'.repeat(32);
const NO_WEBHOOK = '0'.repeat(16);
const dry = { dry_run: true };

/** All operations that need no place. */
export function generalOperations({ victim, victimToken }: Given): Operation[] {
  const any = { 'if-match': '*' };
  const absent = ['user_not_found'];
  const tenants = ['tenants_off'];
  const hooks = ['webhook_not_found'];
  let made = 0;
  return [
    { route: 'health', path: '/health' },
    { route: 'openapi', path: '/openapi.json' },
    { route: 'listPages', path: '/pages' },
    { route: 'linkGraph', path: '/links' },
    { route: 'changelog', path: '/changelog' },
    { route: 'listChanges', path: '/changes' },
    { route: 'listProjections', path: '/projections' },
    { route: 'exportWiki', path: '/export?format=ndjson' },
    ...importOperations(),
    { route: 'search', path: '/search?q=text' },
    { route: 'report', path: '/reports/orphaned' },
    { route: 'listPreferences', path: '/preferences' },
    { route: 'readMe', path: '/me', isOwn: true },
    { route: 'updateMe', path: '/me', body: { name: 'Somebody' }, isOwn: true },
    { route: 'listDrafts', path: '/drafts' },
    { route: 'createToken', path: '/tokens', body: { name: 'New', rights: ['read'] } },
    { route: 'listTokens', path: '/tokens?all=true' },
    { route: 'readToken', path: `/tokens/${victimToken}` },
    { route: 'revokeToken', path: `/tokens/${victimToken}` },
    {
      route: 'createUser',
      path: '/users',
      get body() {
        made += 1;
        return { name: 'New User', email: `new${made}@example.org` };
      },
    },
    { route: 'listUsers', path: '/users' },
    { route: 'readUser', path: `/users/${victim}` },
    { route: 'updateUser', path: `/users/${victim}`, body: { name: 'New Name' } },
    { route: 'setUserPassword', path: `/users/${victim}/password`, body: { remove_password: true } },
    { route: 'deleteUser', path: `/users/${NO_ID}`, accepted: absent },
    { route: 'listAudit', path: '/audit' },
    ...mailOperations(victim),
    { route: 'listPlugins', path: '/plugins' },
    { route: 'renderText', path: '/render', body: { content: '# Text' } },
    { route: 'readPolicy', path: '/policy' },
    { route: 'putRules', path: '/policy/rules', body: { rules: RULES }, headers: any },
    { route: 'patchPreferences', path: '/preferences', body: { HOME_PAGE: null } },
    { route: 'putLimits', path: '/policy/limits', body: { pages: null } },
    { route: 'listTenants', path: '/tenants', accepted: tenants },
    { route: 'createTenant', path: '/tenants', body: { name: 'new' }, accepted: tenants },
    { route: 'readTenant', path: '/tenants/some', accepted: tenants },
    { route: 'updateTenant', path: '/tenants/some', body: { note: 'x' }, accepted: tenants },
    { route: 'deleteTenant', path: '/tenants/some', accepted: tenants },
    { route: 'undeleteTenant', path: '/tenants/some/undelete', accepted: tenants },
    {
      route: 'createWebhook',
      path: '/webhooks',
      body: { url: 'https://hooks.example.org/' },
      undo: removeWebhooks,
    },
    { route: 'listWebhooks', path: '/webhooks' },
    { route: 'readWebhook', path: `/webhooks/${NO_WEBHOOK}`, accepted: hooks },
    { route: 'updateWebhook', path: `/webhooks/${NO_WEBHOOK}`, body: { active: false }, accepted: hooks },
    { route: 'deleteWebhook', path: `/webhooks/${NO_WEBHOOK}`, accepted: hooks },
    { route: 'pingWebhook', path: `/webhooks/${NO_WEBHOOK}/ping`, accepted: hooks },
    { route: 'listDeliveries', path: `/webhooks/${NO_WEBHOOK}/deliveries`, accepted: hooks },
    { route: 'replayDelivery', path: `/webhooks/${NO_WEBHOOK}/deliveries/none/replay`, accepted: hooks },
    ...remoteOperations(),
  ];
}

/** Of users alone, and of whoever has a link that was mailed: nobody here has one. */
function mailOperations(victim: string): Operation[] {
  const [none, off] = [['watch_not_found'], ['mail_off']];
  const byLink = ['link_invalid'];
  const password = { token: 'none', password: 'long enough' };
  return [
    { route: 'listWatches', path: '/watches', isOwn: true },
    { route: 'watchWiki', path: '/watches/wiki', isOwn: true },
    { route: 'unwatchWiki', path: '/watches/wiki', isOwn: true, accepted: none },
    { route: 'watchPage', path: '/watches/pages/docs', isOwn: true },
    { route: 'unwatchPage', path: '/watches/pages/docs', isOwn: true, accepted: none },
    { route: 'watchFolder', path: '/watches/folders/docs', isOwn: true },
    { route: 'unwatchFolder', path: '/watches/folders/docs', isOwn: true, accepted: none },
    { route: 'inviteUser', path: `/users/${victim}/invitation`, accepted: off },
    { route: 'recoverAccount', path: '/account/recovery', body: { email: 'a@example.org' }, accepted: off },
    { route: 'showPasswordForm', path: '/account/password?token=none' },
    { route: 'setAccountPassword', path: '/account/password', body: password, accepted: off },
    { route: 'showUnsubscribeForm', path: '/unsubscribe?token=none', accepted: byLink },
    { route: 'unsubscribe', path: '/unsubscribe?token=none', accepted: byLink },
  ];
}

/** Of remotes, of which there is none. Its webhook is for whoever knows the address: nobody here does. */
function remoteOperations(): Operation[] {
  const none = ['remote_not_found'];
  const hook = `/pull/${'0'.repeat(64)}`;
  const absent = ['remote_hook_absent', 'rate_limited'];
  const made = { name: 'new', url: 'https://git.example.org/wiki.git' };
  const undo = (wiki: Harness) => wiki.call('DELETE', '/remotes/new');
  return [
    { route: 'createRemote', path: '/remotes', body: made, undo },
    { route: 'listRemotes', path: '/remotes' },
    { route: 'readRemote', path: '/remotes/none', accepted: none },
    { route: 'updateRemote', path: '/remotes/none', body: { active: false }, accepted: none },
    { route: 'deleteRemote', path: '/remotes/none', accepted: none },
    { route: 'settleConflict', path: '/remotes/none/conflicts/0123456789ab', accepted: none },
    { route: 'pullRemote', path: '/remotes/none/pull', accepted: none },
    { route: 'pushRemote', path: '/remotes/none/push', accepted: none },
    { route: 'pullByHook', path: hook, accepted: absent },
    { route: 'pullByHookGet', path: hook, accepted: absent },
    { route: 'readPullHook', path: `${hook}/status`, accepted: absent },
  ];
}

/** Of what the caller has started: nobody here has anything that the others could reach. */
function importOperations(): Operation[] {
  const none = ['import_not_found'];
  const path = `/imports/${NO_ID}`;
  return [
    { route: 'startImport', path: '/imports', body: { name: 'a.csv', size: 10 }, undo: removeImports },
    { route: 'listImports', path: '/imports' },
    { route: 'readImport', path, accepted: none },
    { route: 'sendImportSource', path: `${path}/source`, body: {}, accepted: none },
    { route: 'completeImport', path: `${path}/complete`, accepted: none },
    { route: 'cancelImport', path: `${path}/cancel`, accepted: none },
    { route: 'deleteImport', path, accepted: none },
    { route: 'listImportErrors', path: `${path}/errors`, accepted: none },
    { route: 'readImportSample', path: `${path}/sample`, accepted: none },
  ];
}

async function removeImports(wiki: Harness): Promise<void> {
  const { body } = await wiki.call('GET', '/imports');
  for (const { id } of body.imports) {
    await wiki.call('POST', `/imports/${id}/cancel`);
    await wiki.call('DELETE', `/imports/${id}`);
  }
}

async function removeWebhooks(wiki: Harness): Promise<void> {
  const { body } = await wiki.call('GET', '/webhooks');
  for (const { id } of body.webhooks) await wiki.call('DELETE', `/webhooks/${id}`);
}

/** All operations on one page. None leaves anything behind. */
export function pageOperations(place: Place): Operation[] {
  const { page, revision } = place;
  const at = `/pages/${page}`;
  const change = { op: 'put', path: page, content: 'x', revision };
  const ruled = `/policy/rules/${page}`;
  const none = ['draft_not_found'];
  const rows: Omit<Operation, 'place'>[] = [
    { route: 'readPage', path: at },
    { route: 'pageHistory', path: `${at}/history` },
    { route: 'pageLinks', path: `/links/${page}` },
    { route: 'listAttachments', path: `${at}/attachments` },
    { route: 'readAttachment', path: `${at}/attachments/a.txt` },
    { route: 'putPage', path: at, body: { content: 'x', revision, ...dry } },
    { route: 'patchPage', path: at, body: { old_string: 'text', new_string: 'x', revision, ...dry } },
    { route: 'deletePage', path: at, body: { revision, ...dry } },
    { route: 'renamePage', path: `${at}/rename`, body: { new_path: `${page}/New`, ...dry } },
    { route: 'restorePage', path: `${at}/restore`, body: { revision, ...dry } },
    { route: 'batch', path: '/batch', body: { changes: [change], ...dry } },
    { route: 'revert', path: '/revert', body: { revision, ...dry } },
    {
      route: 'putAttachment',
      path: `${at}/attachments`,
      body: { filename: 'b.txt', content: 'eA==', ...dry },
    },
    { route: 'deleteAttachment', path: `${at}/attachments/a.txt`, body: dry },
    { route: 'putDraft', path: `/drafts/${page}`, body: { content: 'x' } },
    { route: 'readDraft', path: `/drafts/${page}`, accepted: none },
    { route: 'deleteDraft', path: `/drafts/${page}`, accepted: none },
    {
      route: 'putRule',
      path: `${ruled}/sub`,
      body: { read: ['ADMIN'] },
      undo: wiki => wiki.call('DELETE', `${ruled}/sub`),
    },
    { route: 'deleteRule', path: `${ruled}/none`, accepted: ['rule_not_found'] },
  ];
  return rows.map(row => ({ ...row, place }));
}

/** The one rule of the wiki. */
export const RULES = [
  {
    path: 'team',
    read: ['user:member@example.org', 'user:delegate@example.org'],
    write: ['user:member@example.org'],
    upload: ['user:member@example.org'],
    admin: ['user:delegate@example.org'],
  },
] as const;

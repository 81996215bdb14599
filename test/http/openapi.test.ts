import { beforeAll, describe, expect, test } from 'vitest';
import { pageOperations } from '../../src/http/openapi/page-operations.ts';
import { wikiOperations } from '../../src/http/openapi/wiki-operations.ts';
import type { Route } from '../../src/http/route.ts';
import { ROUTES } from '../../src/http/routes/table.ts';
import { STATUS } from '../../src/http/status.ts';
import { type Harness, openWiki } from './harness.ts';
import { conforms } from './json-schema.ts';

const routes: readonly Route[] = ROUTES;
let wiki: Harness;
// biome-ignore lint/suspicious/noExplicitAny: the document is looked into freely
let document: any;

beforeAll(async () => {
  let clean = async () => {};
  wiki = await openWiki(MAILS, step => {
    clean = step;
  });
  document = (await wiki.call('GET', '/openapi.json', undefined, { authorization: '' })).body;
  return () => clean();
});

/** Mails are put where they are sent from; none is sent. */
const MAILS = {
  KITTIWAKE_MAIL: 'ses',
  KITTIWAKE_URL: 'https://wiki.example.org',
  KITTIWAKE_MAIL_SECRET: 'a-secret-of-some-length',
};

/** A user who administers. */
const OWN = { name: 'Anna', email: 'anna@example.org', password: 'correct horse' };

const BY_LINK = ['setAccountPassword', 'showPasswordForm', 'showUnsubscribeForm', 'unsubscribe'];

const BY_REMOTE = [
  'pullByHook',
  'pullByHookGet',
  'pullRemote',
  'pushRemote',
  'readPullHook',
  'settleConflict',
];

interface Documented {
  path: string;
  method: string;
  // biome-ignore lint/suspicious/noExplicitAny: the document is looked into freely
  operation: any;
}

function documented(): Documented[] {
  return Object.entries<Record<string, unknown>>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
}

describe('GET /api/v1/openapi.json', () => {
  test('is an OpenAPI 3.1 document', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Kittiwake', version: '1' } });
  });

  test('has every route and nothing else', () => {
    const there = documented().map(
      ({ path, method, operation }) => `${operation.operationId} ${method} ${path}`,
    );
    const wanted = routes.map(
      ({ name, method, pattern }) => `${name} ${method} ${pattern.replace('...}', '}')}`,
    );
    expect(there.sort()).toEqual(wanted.sort());
    const described = Object.keys({ ...pageOperations, ...wikiOperations });
    expect(described.sort()).toEqual(routes.map(({ name }) => name).sort());
  });

  test('names only codes that have a status, under that status', () => {
    for (const { operation } of documented()) {
      for (const status of Object.keys(operation.responses)) {
        const { schema } = operation.responses[status].content?.['application/json'] ?? {};
        for (const code of schema?.allOf?.[1].properties.code.enum ?? []) {
          expect([code, STATUS[code]]).toEqual([code, Number(status)]);
        }
      }
    }
  });

  test('names the parameters of each path', () => {
    for (const { path, operation } of documented()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1]);
      const named = operation.parameters
        .filter((parameter: { in: string }) => parameter.in === 'path')
        .map((parameter: { name: string }) => parameter.name);
      expect(named).toEqual(inPath);
    }
  });
});

describe('what is documented', () => {
  /** A request for each operation that succeeds, in an order in which they can. */
  const requests: [string, string, unknown?][] = [
    ['health', '/health'],
    ['openapi', '/openapi.json'],
    ['putPage', '/pages/a', { content: '---\ntitle: T\ntags: [x]\n---\n# S\n[[b]]\n' }],
    ['readPage', '/pages/a'],
    ['listPages', '/pages?limit=1'],
    ['patchPage', '/pages/a', { old_string: '# S', new_string: '# S\nmore' }],
    ['patchPage', '/pages/a', { section: 'S', content: '# S\n[[b]] new\n' }],
    ['putAttachment', '/pages/a/attachments', { filename: 'f.txt', content: 'eA==' }],
    ['listAttachments', '/pages/a/attachments'],
    ['readAttachment', '/pages/a/attachments/f.txt'],
    ['putAttachment', '/pages/a/attachments?filename=g.bin', Buffer.from([0, 255])],
    ['deleteAttachment', '/pages/a/attachments/f.txt'],
    ['pageHistory', '/pages/a/history?limit=1'],
    ['changelog', '/changelog?limit=1'],
    ['listChanges', '/changes?limit=1'],
    ['listProjections', '/projections'],
    ['pageLinks', '/links/b'],
    ['linkGraph', '/links'],
    ['search', '/search?q=new'],
    ['search', '/search?q=new&mode=ranked'],
    ['report', '/reports/orphaned'],
    ['report', '/reports/wanted'],
    ['report', '/reports/broken-links'],
    ['batch', '/batch', { changes: [{ op: 'put', path: 'b', content: 'x' }], dry_run: true }],
    ['batch', '/batch', { changes: [{ op: 'put', path: 'b', content: 'x' }] }],
    ['revert', '/revert', { revision: 'HEAD' }],
    ['restorePage', '/pages/a/restore', { revision: 'HEAD' }],
    ['renamePage', '/pages/a/rename', { new_path: 'c' }],
    ['deletePage', '/pages/c'],
    ['createToken', '/tokens', { name: 'T', rights: ['upload'], prefix: 'docs' }],
    ['listTokens', '/tokens?limit=1'],
    ['readToken', '/tokens/{id}'],
    ['revokeToken', '/tokens/{id}'],
    ['createUser', '/users', { ...OWN, allow: ['read'] }],
    ['updateMe', '/me', { name: 'Anna Lena' }],
    ['watchWiki', '/watches/wiki'],
    ['watchPage', '/watches/pages/a'],
    ['watchFolder', '/watches/folders/a'],
    ['listWatches', '/watches?limit=1'],
    ['unwatchWiki', '/watches/wiki'],
    ['unwatchPage', '/watches/pages/a'],
    ['unwatchFolder', '/watches/folders/a'],
    ['recoverAccount', '/account/recovery', { email: OWN.email }],
    ['createUser', '/users', { name: 'Bert', email: 'bert@example.org', generate_password: true }],
    ['listUsers', '/users?limit=1'],
    ['readUser', '/users/{id}'],
    ['inviteUser', '/users/{id}/invitation'],
    ['updateUser', '/users/{id}', { locked: true }],
    ['setUserPassword', '/users/{id}/password', { remove_password: true }],
    ['deleteUser', '/users/{id}'],
    ['listAudit', '/audit?limit=1'],
    ['listPlugins', '/plugins'],
    ['renderText', '/render', { content: '# Text' }],
    ['readMe', '/me?path=a'],
    ['putRule', '/policy/rules/a', { read: ['group:staff'] }],
    ['putRules', '/policy/rules', { rules: [{ path: '', write: ['APPROVED'] }] }],
    ['putRule', '/policy/rules/a', { read: ['group:staff'] }],
    ['deleteRule', '/policy/rules/a'],
    ['patchPreferences', '/preferences', { COMMIT_MESSAGE: 'OPTIONAL' }],
    ['listPreferences', '/preferences'],
    ['putLimits', '/policy/limits', { pages: 100 }],
    ['readPolicy', '/policy'],
    ['putDraft', '/drafts/b', { content: 'x' }],
    ['putDraft', '/drafts/b', { content: 'y', cursor: { line: 1, ch: 2 } }],
    ['readDraft', '/drafts/b?merge=true'],
    ['listDrafts', '/drafts?limit=1'],
    ['deleteDraft', '/drafts/b'],
    ['createWebhook', '/webhooks', { url: 'https://hooks.example.org/', prefix: 'docs' }],
    ['readWebhook', '/webhooks/{id}'],
    ['updateWebhook', '/webhooks/{id}', { renew_secret: true }],
    ['listWebhooks', '/webhooks'],
    ['pingWebhook', '/webhooks/{id}/ping'],
    ['listDeliveries', '/webhooks/{id}/deliveries'],
    ['deleteWebhook', '/webhooks/{id}'],
    [
      'createRemote',
      '/remotes',
      { name: 'host', url: 'https://git.invalid/wiki.git', push: true, pull: true },
    ],
    ['readRemote', '/remotes/host'],
    ['updateRemote', '/remotes/host', { every_minutes: 60 }],
    ['listRemotes', '/remotes'],
    ['deleteRemote', '/remotes/host'],
    ['startImport', '/imports', { name: 'pages.csv', size: 4 }],
    ['readImport', '/imports/{id}'],
    ['listImports', '/imports'],
    ['sendImportSource', '/imports/{id}/source', Buffer.from('a,b\n')],
    ['completeImport', '/imports/{id}/complete'],
    ['cancelImport', '/imports/{id}/cancel'],
    ['deleteImport', '/imports/{id}'],
  ];

  test('answers, and as it is documented', async () => {
    const asked = new Set<string>();
    let revision = '';
    let id = '';
    for (const [name, path, body] of requests) {
      asked.add(name);
      const route = routes.find(candidate => candidate.name === name);
      const method = route?.method ?? '';
      const sent = withRevision(body, revision);
      const headers = headersOf(name, body);
      const answer = await wiki.call(method, path.replace('{id}', id), sent, headers);
      expect([name, answer.status, answer.body?.error]).toEqual([name, expect.any(Number), undefined]);
      const operation = document.paths[route?.pattern.replace('...}', '}') ?? '']?.[method.toLowerCase()];
      const response = operation.responses[String(answer.status)];
      expect([name, answer.status, response === undefined]).toEqual([name, answer.status, false]);
      const schema = response.content['application/json'].schema;
      expect([name, conforms(schema, answer.body)]).toEqual([name, []]);
      if (answer.body.revision) revision = answer.body.revision;
      if (answer.body.id) id = answer.body.id;
    }
    // Those of many wikis are asked where there are many: test/tenant/documented.test.ts.
    const here = routes.filter(({ pattern }) => !pattern.startsWith('/api/v1/tenants'));
    // Wants an import that has run: imports.test.ts.
    asked.add('readImportSample').add('listImportErrors');
    // Answers with a file: export.test.ts.
    asked.add('exportWiki');
    // Wants something that was sent: webhooks.test.ts.
    asked.add('replayDelivery');
    // Want another host: test/remote/remote-routes.test.ts.
    for (const name of BY_REMOTE) asked.add(name);
    // Want a link that was mailed: test/projection/notify/account.long.test.ts.
    for (const name of BY_LINK) asked.add(name);
    expect([...asked].sort()).toEqual(here.map(({ name }) => name).sort());
  });

  test('refuses as it is documented', async () => {
    const { Error: error } = document.components.schemas;
    for (const [method, path, body] of [
      ['GET', '/pages/absent', undefined],
      ['PUT', '/pages/a', {}],
      ['GET', '/search', undefined],
    ] as const) {
      const answer = await wiki.call(method, path, body);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(conforms(error, answer.body)).toEqual([]);
    }
  });

  function headersOf(name: string, body: unknown): Record<string, string> {
    if (Buffer.isBuffer(body)) return { 'content-type': 'application/octet-stream' };
    if (name === 'updateMe' || /[wW]atch/.test(name)) {
      const credentials = Buffer.from(`${OWN.email}:${OWN.password}`).toString('base64');
      return { authorization: `Basic ${credentials}` };
    }
    return name === 'patchPage' || name === 'putRules' ? { 'if-match': '*' } : {};
  }

  function withRevision(body: unknown, revision: string): unknown {
    if (typeof body !== 'object' || Buffer.isBuffer(body) || body === null || !('revision' in body))
      return body;
    return { ...body, revision };
  }
});

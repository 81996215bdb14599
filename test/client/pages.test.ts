import { expect, test } from 'vitest';
import { isClientError } from '../../src/client/errors.ts';
import { openListeningWiki } from '../support/listening-wiki.ts';

test('a page is written, read, edited, renamed, restored and removed', async () => {
  const client = (await openListeningWiki()).client();
  const made = await client.put('Docs/Intro', '# Intro\n\n## Use\n\nold\n', { message: 'First' });
  expect(made).toMatchObject({ created: true, path: 'Docs/Intro' });
  await client.patch('Docs/Intro', { find: 'old', replace: 'new' });
  await client.editSection('Docs/Intro', 'Use', 'More.', { placement: 'append' });
  await client.append('Docs/Intro', 'End.\n');
  const page = await client.page('Docs/Intro');
  expect(page.content).toBe('# Intro\n\n## Use\n\nnew\n\nMore.\nEnd.\n');
  await client.put('Docs/Intro', 'Other.\n', { revision: page.revision });
  expect((await client.page('Docs/Intro', { revision: made.revision })).content).toContain('old');
  await client.restore('Docs/Intro', page.revision);
  const { new_path } = await client.rename('Docs/Intro', 'Guide/Start');
  expect(new_path).toBe('Guide/Start');
  const messages = (await Array.fromAsync(client.history('Guide/Start'))).map(({ message }) => message);
  expect(messages).toHaveLength(7);
  expect(messages.at(-1)).toBe('First');
  await client.remove('Guide/Start');
  await expect(client.page('Guide/Start')).rejects.toMatchObject({ code: 'page_not_found', status: 404 });
});

test('names that addresses do not hold as they are name the same page', async () => {
  const client = (await openListeningWiki({ env: { RETAIN_PAGE_NAME_CASE: 'true' } })).client();
  const names = [
    'what? #1',
    'a%2Fb',
    'über/日本 🐦',
    'log/history',
    'a/attachments/b',
    "it's; a+b",
    'x/rename',
  ];
  for (const name of names) await client.put(name, `${name}\n`);
  for (const name of names) expect((await client.page(name)).content).toBe(`${name}\n`);
  const listed = (await Array.fromAsync(client.pages({ limit: 2 }))).map(({ path }) => path);
  expect(listed.sort()).toEqual(names.sort());
  for (const name of names) await client.remove(name);
  expect(await Array.fromAsync(client.pages())).toEqual([]);
});

test('a page that still holds is not sent again', async () => {
  const client = (await openListeningWiki()).client();
  await client.put('Home', 'one\n');
  const page = await client.page('Home');
  expect(await client.page('Home', { known: page })).toBe(page);
  await client.put('Home', 'two\n', { revision: page.revision });
  expect((await client.page('Home', { known: page })).content).toBe('two\n');
});

test('a dry run changes nothing, a batch all of it at once', async () => {
  const wiki = await openListeningWiki();
  const client = wiki.client();
  expect(await client.put('Home', 'one\n', { dryRun: true })).toMatchObject({ dry_run: true });
  expect(await wiki.head()).toBeUndefined();
  const { revision } = await client.batch([
    { op: 'put', path: 'A', content: 'a\n' },
    { op: 'put', path: 'B', content: 'b\n' },
  ]);
  const [commit, ...none] = await Array.fromAsync(client.changelog());
  expect([commit?.revision, none]).toEqual([revision, []]);
  await client.revert(revision);
  expect(await Array.fromAsync(client.pages())).toEqual([]);
});

test('a refusal is an error with what the server says', async () => {
  const client = (await openListeningWiki()).client();
  const { revision } = await client.put('Home', 'one\n');
  const error = await client.put('Home', 'two\n').catch(cause => cause);
  expect(isClientError(error, 'revision_required')).toBe(true);
  expect(error).toMatchObject({ status: 409, retryable: false });
  await client.put('Home', 'two\n', { revision });
  const stale = await client.put('Home', 'three\n', { revision }).catch(cause => cause);
  const { revision: current } = await client.page('Home');
  expect(stale).toMatchObject({ code: 'revision_mismatch', data: { current_revision: current } });
});

test('any operation can be asked, with its types', async () => {
  const client = (await openListeningWiki()).client();
  await client.put('Home', '[[Other]]\n');
  const { data } = await client.request('GET /api/v1/links/{path}', { params: { path: 'Home' } });
  expect(data.links_to).toEqual(['Other']);
  const { data: health, status } = await client.request('GET /api/v1/health');
  expect([health.status, status]).toEqual(['ok', 200]);
  const exported = await client.open('GET /api/v1/export', { query: { format: 'ndjson' } });
  expect(await exported.text()).toContain('[[Other]]');
});

test('what is no operation, and what an operation does not take, is no type', async () => {
  const client = (await openListeningWiki()).client();
  // @ts-expect-error There is no such operation.
  await expect(client.request('GET /api/v1/nothing')).rejects.toMatchObject({ code: 'route_not_found' });
  // @ts-expect-error It needs a path.
  await expect(client.request('GET /api/v1/pages/{path}')).rejects.toMatchObject({ code: 'path_invalid' });
  const wrong = { params: { path: 'Home' }, body: { content: 7 } };
  // @ts-expect-error The content is a text.
  const put = client.request('PUT /api/v1/pages/{path}', wrong);
  await expect(put).rejects.toMatchObject({ code: 'body_invalid', status: 422 });
});

test('what happened is followed from the last event on', async () => {
  const client = (await openListeningWiki()).client();
  for (const name of ['A', 'B', 'C']) await client.put(name, `${name}\n`);
  const events = await Array.fromAsync(client.changes({ since: 'start' }));
  expect(events.map(({ type, path }) => [type, path])).toEqual(
    ['A', 'B', 'C'].map(name => ['page_created', name.toLowerCase()]),
  );
  const stop = new AbortController();
  const seen: string[] = [];
  const following = (async () => {
    for await (const { path } of client.changes({ since: events[0]?.id, everyMs: 20, signal: stop.signal })) {
      seen.push(path);
      if (path === 'c') await client.put('D', 'd\n');
      if (path === 'd') stop.abort();
    }
  })();
  await expect(following).rejects.toMatchObject({ name: 'AbortError' });
  expect(seen).toEqual(['b', 'c', 'd']);
});

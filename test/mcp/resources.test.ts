import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type McpWiki, openMcpWiki } from './mcp-wiki.ts';

const steps: (() => Promise<void>)[] = [];
let wiki: McpWiki;
let client: Client;
let first: string;

beforeAll(async () => {
  wiki = await openMcpWiki({}, step => steps.push(step));
  first = await wiki.write('Docs/Über uns', '# A\none\n# B\ntwo\n');
  await wiki.write('Docs/Über uns', '# A\nnew\n# B\ntwo\n');
  await wiki.write('Home', 'x');
  await wiki.call('POST', '/pages/Home/attachments', { filename: 'a b.txt', content: 'eA==' });
  client = await wiki.connect();
});

afterAll(async () => {
  for (const step of steps) await step();
});

const UBER = 'wiki://pages/Docs/%C3%9Cber%20Uns';

async function textOf(uri: string): Promise<unknown> {
  const { contents } = await client.readResource({ uri });
  return contents.map(content => ('text' in content ? content.text : content.blob)).join();
}

test('pages are listed under addresses by which they can be read', async () => {
  const { resources, nextCursor } = await client.listResources();
  expect(resources).toMatchObject([
    { uri: UBER, name: 'Docs/Über Uns', mimeType: 'text/markdown' },
    { uri: 'wiki://pages/Home', name: 'Home' },
  ]);
  expect(nextCursor).toBeUndefined();
  expect(await textOf(UBER)).toBe('# A\nnew\n# B\ntwo\n');
});

test('a revision and a section of a page have addresses, too', async () => {
  expect(await textOf(`${UBER}?revision=${first}`)).toBe('# A\none\n# B\ntwo\n');
  expect(await textOf(`${UBER}#B`)).toBe('# B\ntwo\n');
  expect(await textOf(`${UBER}?revision=${first}#a`)).toBe('# A\none\n');
});

test('attachments are read as bytes', async () => {
  const { contents } = await client.readResource({ uri: 'wiki://attachments/Home/a%20b.txt' });
  expect(contents).toMatchObject([{ mimeType: 'text/plain', blob: 'eA==' }]);
});

test('templates tell how addresses are made, and paths are completed', async () => {
  const { resourceTemplates } = await client.listResourceTemplates();
  const [uri] = resourceTemplates.map(({ uriTemplate }) => uriTemplate);
  expect(uri).toBe('wiki://pages/{+path}');
  const complete = async (name: string, value: string) =>
    (await client.complete({ ref: { type: 'ref/resource', uri: uri ?? '' }, argument: { name, value } }))
      .completion;
  expect(await complete('path', 'docs/')).toEqual({ values: ['Docs/Über Uns'], total: 1, hasMore: false });
  expect(await complete('filename', '')).toMatchObject({ values: [] });
});

test.each([
  'wiki://pages/None',
  'wiki://pages/',
  'wiki://pages/a/../Home',
  'wiki://pages/%2e%2e/Home',
  'wiki://pages/a%00b',
  'wiki://pages/%ff',
  'wiki://attachments/Home',
  'wiki://attachments/Home/none.txt',
  'wiki://Home',
  'http://127.0.0.1/',
  'file:///etc/passwd',
  '',
])('"%s" is no resource', async uri => {
  await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32_602 });
});

test('a cursor that nobody gave is refused', async () => {
  await expect(client.listResources({ cursor: 'x' })).rejects.toMatchObject({
    code: -32_602,
    data: { code: 'cursor_invalid' },
  });
});

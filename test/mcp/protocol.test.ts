import { expect, test } from 'vitest';
import { openMcpWiki } from './mcp-wiki.ts';

test('a client of the current revision reads a page', async () => {
  const wiki = await openMcpWiki();
  await wiki.write('Home', '# Welcome\n');
  const client = await wiki.connect();
  expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain('read_note');
  const answer = await client.callTool({ name: 'read_note', arguments: { path: 'Home' } });
  expect(answer.isError).toBeFalsy();
  expect(answer.structuredContent).toMatchObject({ path: 'Home', content: '# Welcome\n' });
});

test('a client of the revisions of 2025 reads a page', async () => {
  const wiki = await openMcpWiki();
  await wiki.write('Home', '# Welcome\n');
  const client = await wiki.connectOld();
  const answer = await client.callTool({ name: 'read_note', arguments: { path: 'Home' } });
  expect(answer.structuredContent).toMatchObject({ path: 'Home', content: '# Welcome\n' });
});

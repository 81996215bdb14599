import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KittiwakeError } from '../../src/core/errors.ts';
import type { Session } from '../../src/mcp/session.ts';
import { toolError } from '../../src/mcp/tool-error.ts';
import { openMcpWiki } from './mcp-wiki.ts';
import { callerOf } from './tool-call.ts';

test('what goes wrong inside is told to the log alone, under the id that the model is given', async () => {
  const wiki = await openMcpWiki();
  const client = await wiki.connect();
  const call = await callerOf(client);
  await wiki.write('Home', 'x');
  const ledger = join(wiki.folder, 'ledger');
  for (const entry of await readdir(ledger, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) await writeFile(join(entry.parentPath, entry.name), 'damaged');
  wiki.service.repository.reset();
  wiki.service.wiki.reset();
  const { isError, text, data } = await call('read_note', { path: 'Home' });
  const id = data.error.request_id;
  expect(isError).toBe(true);
  expect(text).toBe(
    `Wiki server error (500): Internal error, request ${id}. The server may be restarting: try again later.`,
  );
  expect(data).toEqual({ error: { code: 'internal', message: 'Internal error', request_id: id } });
  expect(wiki.lines).toContainEqual(
    expect.objectContaining({ event: 'mcp_failed', request: id, code: 'ledger_corrupt' }),
  );
  const listing = client.listResources();
  await expect(listing).rejects.toMatchObject({ code: -32_603, message: 'Internal error' });
});

test.each([
  ['auth_missing', 'Missing', 'Authentication failed: Missing.'],
  ['quota_pages', 'Page limit reached (1 pages)', 'Wiki API error (413): Page limit reached (1 pages).'],
  ['rate_limited', 'Rate limit exceeded', 'Wiki API error (429): Rate limit exceeded.'],
  ['precondition_failed', 'Changed', 'Conflict: Changed.'],
  ['revision_purged', 'Gone', 'Gone.'],
  [
    'contention',
    'inside',
    'Wiki server error (503): The wiki is busy: nothing was written, try again. The server may be restarting: try again later.',
  ],
])('%s reads as the existing server tells it', (code, message, text) => {
  const session = { report: () => 'id' } as Partial<Session> as Session;
  const result = toolError(new KittiwakeError(code, message), 'write_note', session);
  expect(result).toMatchObject({
    isError: true,
    content: [{ text }],
    structuredContent: { error: { code } },
  });
});

test('nobody is told to try again where that could write twice', () => {
  const session = { report: () => 'id' } as Partial<Session> as Session;
  const result = toolError(new KittiwakeError('outcome_unknown', 'inside'), 'append_to_note', session);
  const [content] = result.content;
  const text = content?.type === 'text' ? content.text : '';
  expect(text).toContain('Read first what became of it.');
  expect(text).not.toContain('try again');
});

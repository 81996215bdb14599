import { expect, test } from 'vitest';
import { KEY } from '../http/harness.ts';
import { openMcpWiki } from './mcp-wiki.ts';
import { callerOf } from './tool-call.ts';

test('tools that read use up no writes, each call that writes does', async () => {
  const { connect } = await openMcpWiki({ KITTIWAKE_RATE_LIMIT_WRITES: '2' });
  const call = await callerOf(await connect());
  for (let round = 0; round < 4; round += 1) expect((await call('list_notes')).isError).toBe(false);
  expect((await call('write_note', { path: 'a', content: 'x' })).isError).toBe(false);
  // What is refused was asked for, too.
  expect((await call('append_to_note', { path: 'absent', content: 'x' })).data.error.code).toBe(
    'page_not_found',
  );
  const refused = await call('write_note', { path: 'b', content: 'x' });
  expect(refused.data.error.code).toBe('rate_limited');
  expect(refused.text).toMatch(/^Wiki API error \(429\): Rate limit exceeded, try again in \d+ s\.$/);
  expect((await call('read_note', { path: 'a' })).isError).toBe(false);
});

test('many writes in one request are as many', async () => {
  const { send } = await openMcpWiki({ KITTIWAKE_RATE_LIMIT_WRITES: '2' });
  const requests = ['a', 'b', 'c', 'd'].map((path, id) => ({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'write_note', arguments: { path, content: 'x' } },
  }));
  const { body } = await send(requests);
  const codes = body.map((each: (typeof body)[number]) => each.result.structuredContent.error?.code);
  expect(codes.toSorted()).toEqual(['rate_limited', 'rate_limited', undefined, undefined]);
});

test('what git fetches counts as reads, a push as a write', async () => {
  const { url } = await openMcpWiki({ KITTIWAKE_RATE_LIMIT_READS: '3', KITTIWAKE_RATE_LIMIT_WRITES: '1' });
  const post = async (service: string, body: string) => {
    const headers = {
      authorization: `Bearer ${KEY}`,
      'content-type': `application/x-${service}-request`,
      'git-protocol': 'version=2',
    };
    const response = await fetch(`${url}/.git/${service}`, { method: 'POST', headers, body });
    await response.arrayBuffer();
    return response.status;
  };
  const LS_REFS = '0014command=ls-refs\n0000';
  expect([await post('git-upload-pack', LS_REFS), await post('git-upload-pack', LS_REFS)]).toEqual([
    200, 200,
  ]);
  const NOTHING = '0000';
  expect(await post('git-receive-pack', NOTHING)).toBe(200);
  expect(await post('git-receive-pack', NOTHING)).toBe(429);
  expect(await post('git-upload-pack', LS_REFS)).toBe(200);
  expect(await post('git-upload-pack', LS_REFS)).toBe(429);
});

import { expect, test } from 'vitest';
import { KEY, openWiki } from './harness.ts';
import { PROXY, proxied } from './proxied.ts';

/** A request whose answer is streamed. */
async function exported(
  wiki: Awaited<ReturnType<typeof openWiki>>,
  query: string,
  headers: Record<string, string> = { authorization: `Bearer ${KEY}` },
) {
  const request = { method: 'GET', path: '/api/v1/export', query, headers, body: Buffer.alloc(0) };
  const answer = await wiki.service.app.handle(request);
  if (typeof answer.body === 'string' || answer.body instanceof Uint8Array)
    return { ...answer, bytes: Buffer.from(answer.body as string) };
  const parts: Uint8Array[] = [];
  for await (const part of answer.body) parts.push(part);
  return { ...answer, bytes: Buffer.concat(parts) };
}

const linesOf = (bytes: Buffer) =>
  bytes
    .toString()
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line));

test('an export holds what the caller may read, and nothing of what is hidden', async () => {
  const wiki = await openWiki(PROXY);
  await wiki.write('Home', 'gull');
  await wiki.write('Secret/Kestrel', 'kestrel');
  await wiki.call('POST', '/pages/Secret/Kestrel/attachments', { filename: 'kestrel.txt', content: 'eA==' });
  await wiki.call('PUT', '/policy/rules/Secret', { read: ['group:staff'] });
  const [anna, staff] = [proxied('anna', 'READ'), proxied('ben', 'READ staff')];
  for (const query of ['format=zip', 'format=ndjson&attachments=true']) {
    const seen = await exported(wiki, query, anna);
    expect([seen.status, seen.bytes.includes('home.md'), seen.bytes.includes('kestrel')]).toEqual([
      200,
      true,
      false,
    ]);
    expect((await exported(wiki, query, staff)).bytes.includes('secret/kestrel/kestrel.txt')).toBe(true);
  }
});

test('an export of lines that was cut off goes on at its commit', async () => {
  const wiki = await openWiki();
  for (const page of ['A', 'B', 'C/D', 'E']) await wiki.write(page, `text of ${page}`);
  const whole = await exported(wiki, 'format=ndjson');
  const at = whole.headers['kittiwake-revision'];
  expect(at).toBe(await wiki.head());
  await wiki.write('B', 'changed');
  await wiki.write('F', 'new');
  const lines = linesOf(whole.bytes);
  expect(lines.map(({ path }) => path)).toEqual(['a', 'b', 'c/d', 'e']);
  const rest = await exported(wiki, `format=ndjson&at=${at}&after=${encodeURIComponent(lines[0].file)}`);
  expect(linesOf(rest.bytes)).toEqual(lines.slice(1));
});

test('an export takes a page path as its prefix, in any case', async () => {
  const wiki = await openWiki();
  for (const page of ['Docs', 'Docs/A', 'Docs2']) await wiki.write(page, 'x');
  const { bytes } = await exported(wiki, 'format=ndjson&prefix=/DOCS/');
  expect(linesOf(bytes).map(({ path }) => path)).toEqual(['docs', 'docs/a']);
});

test.each([
  ['format=tar', 'query_invalid'],
  ['format=zip&after=a.md', 'query_invalid'],
  ['at=abc', 'query_invalid'],
  [`at=${'1'.repeat(40)}`, 'commit_not_found'],
])('an export refuses %s', async (query, code) => {
  const wiki = await openWiki();
  await wiki.write('A', 'x');
  const { bytes } = await exported(wiki, query);
  expect(bytes.toString()).toContain(code === 'commit_not_found' ? '1'.repeat(40) : 'Invalid query');
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createService } from '../../src/lazy/app.ts';
import { type Harness, openWiki } from '../http/harness.ts';

const EXAMPLE = resolve('examples/plugins/house-rules.ts');

async function wikiWith(...plugins: string[]): Promise<Harness> {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-hooks-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const files = plugins.map((text, index) => {
    if (!text.includes('\n') && text.startsWith('/')) return text;
    const file = join(folder, `p${index}.mjs`);
    writeFileSync(file, text);
    return file;
  });
  return openWiki({ KITTIWAKE_PLUGINS: files.join(' ') });
}

const asking = (name: string, body: string) =>
  `export const plugin = { name: '${name}', async beforeWrite({ changes, message, author }, { refuse }) {\n${body}\n} };`;

describe('a plugin that is asked before writes', () => {
  test('refuses with its name and reason, and nothing is written', async () => {
    const { call, head } = await wikiWith(EXAMPLE);
    const { status, body } = await call('PUT', '/pages/decisions/one', { content: '# One\n' });
    expect([status, body.code]).toEqual([422, 'plugin_refused']);
    expect(body.error).toBe(
      'Refused by the plugin "house-rules": "decisions/one.md" needs a line "Status: …" with one of draft, accepted, superseded',
    );
    expect(await head()).toBeUndefined();
    expect((await call('PUT', '/pages/decisions/one', { content: 'Status: draft\n' })).status).toBe(201);
  });

  test('changes what is committed, and the answer is that of what was committed', async () => {
    const { call } = await wikiWith(
      asking(
        'titles',
        `return { message: message + ' (' + author.name + ')', contents: Object.fromEntries(changes.filter(c => c.content).map(c => [c.path, '---\\ntitle: Made\\n---\\n' + c.content])) };`,
      ),
    );
    const written = await call('PUT', '/pages/a', { content: 'text' });
    expect(written.body.name).toBe('Made');
    const read = await call('GET', '/pages/a');
    expect(read.body.content).toBe('---\ntitle: Made\n---\ntext');
    expect(read.body.last_commit.message).toBe('[api] Create: a (Kittiwake)');
    const blob = /^"([0-9a-f]{40})/.exec(read.headers.etag ?? '')?.[1];
    expect(written.headers.etag).toContain(blob);
    const again = { content: 'text', revision: read.body.revision };
    expect((await call('PUT', '/pages/a', again, { 'if-match': written.headers.etag ?? '' })).status).toBe(
      200,
    );
  });

  test('a change that a plugin takes back is none', async () => {
    const keep = asking(
      'keep',
      `return { contents: Object.fromEntries(changes.filter(c => c.action === 'update').map(c => [c.path, 'first'])) };`,
    );
    const { call, head, write } = await wikiWith(keep);
    await write('a', 'first');
    const was = await head();
    const revision = (await call('GET', '/pages/a')).body.revision;
    const { status, body } = await call('PUT', '/pages/a', { content: 'second', revision });
    expect([status, body.revision]).toEqual([200, revision]);
    expect(await head()).toBe(was);
  });

  test('each sees what those before it have made, and a dry run asks as well', async () => {
    const add = (name: string) =>
      asking(
        name,
        `return { contents: Object.fromEntries(changes.map(c => [c.path, c.content + '${name}'])) };`,
      );
    const { call, text } = await wikiWith(add('x'), add('y'));
    const tried = await call('PUT', '/pages/a', { content: '-', dry_run: true });
    expect(tried.body.changes).toEqual([{ path: 'a.md', action: 'create' }]);
    await call('PUT', '/pages/a', { content: '-' });
    expect(await text('a')).toBe('-xy');
  });

  test('is told of all changes of a batch, of pages with their texts and of other files without', async () => {
    const seen = asking('seen', `refuse(JSON.stringify(changes));`);
    const { call } = await wikiWith(seen);
    const changes = [
      { op: 'put', path: 'a', content: 'text' },
      { op: 'attach', path: 'a', filename: 'b.bin', content: 'AAEC' },
    ];
    const { body } = await call('POST', '/batch', { changes });
    expect(JSON.parse(body.error.replace('Refused by the plugin "seen": ', ''))).toEqual([
      { path: 'a.md', action: 'create', content: 'text' },
      { path: 'a/b.bin', action: 'create' },
    ]);
  });

  test.each([
    ['throws', `throw new Error('secret thing');`],
    ['gives a text for a page that is not written', `return { contents: { 'other.md': 'x' } };`],
    ['gives something else than a text', `return { contents: { 'a.md': 7 } };`],
    ['takes the message away', `return { message: '' };`],
    ['changes what it is given in place', `changes[0].content = 'x';`],
  ])('that %s refuses the write, and is named', async (_, body) => {
    const { call, head, lines } = await wikiWith(asking('broken', body));
    const answer = await call('PUT', '/pages/a', { content: 'text' });
    expect([answer.status, answer.body.code]).toEqual([503, 'plugin_failed']);
    expect(answer.body.error).toBe('The plugin "broken" failed in "beforeWrite": nothing was written');
    expect(lines.some(line => line.event === 'plugin_failed' && line.plugin === 'broken')).toBe(true);
    expect(await head()).toBeUndefined();
  });

  test('that cannot be loaded refuses writes, and leaves reads alone', async () => {
    const { call, lines } = await wikiWith('export const plugin = 7;\n');
    const answer = await call('PUT', '/pages/a', { content: 'text' });
    expect([answer.status, answer.body.code]).toEqual([503, 'plugin_invalid']);
    expect(JSON.stringify(lines)).toContain('is number, wanted an object');
    expect((await call('GET', '/pages')).status).toBe(200);
  });

  test('is asked again when a writer elsewhere was faster', async () => {
    const counting = asking(
      'counting',
      `globalThis.asked = (globalThis.asked ?? 0) + 1;
       await new Promise(resolve => setTimeout(resolve, 20));`,
    );
    const { folder, call, head, service } = await wikiWith(counting);
    const { config, secrets } = readConfig({ env: { KITTIWAKE_DATA: folder } });
    const log = createLogger({ write: () => undefined, now: Date.now });
    const elsewhere = createService({ config, secrets, runtime: systemRuntime, log });
    onTestFinished(() => elsewhere.close());
    const other = await elsewhere.wiki();
    const slow = Promise.all([1, 2, 3].map(n => call('PUT', `/pages/p${n}`, { content: 'x' })));
    for (let n = 0; n < 20; n += 1) await other.putPage({ path: `q${n}`, content: 'y' });
    expect((await slow).map(({ status }) => status)).toEqual([201, 201, 201]);
    expect((globalThis as unknown as { asked: number }).asked).toBeGreaterThan(3);
    const { ordinal } = await (await service.repository()).view({ maxAgeMs: 0 });
    expect([ordinal, await head()]).toEqual([22, expect.any(String)]);
  });
});

import { describe, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createService, type Service } from '../../src/lazy/app.ts';
import { type Harness, KEY, openWiki } from './harness.ts';

/** Another process over the same wiki. */
async function openAgain({ folder }: Harness): Promise<Service> {
  const env = { KITTIWAKE_DATA: folder, KITTIWAKE_API_KEY: KEY };
  const log = createLogger({ level: 'error', write: () => {}, now: Date.now });
  const service = createService({ ...readConfig({ env }), runtime: systemRuntime, log });
  onTestFinished(() => service.close());
  return service;
}

describe('a page as HTML', () => {
  test('is a document of its own that runs nothing', async () => {
    const wiki = await openWiki();
    await wiki.write(
      'Docs/Intro',
      '---\ntitle: "A <b>"\n---\n\nSee [[Other]] and ![p](./p.png)<script>x</script>',
    );
    const answer = await wiki.call('GET', '/pages/Docs/Intro?format=html');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'; .*; sandbox$/);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.body).toContain('<title>A &lt;b&gt;</title>');
    expect(answer.body).toContain('href="/other" class="missing"');
    expect(answer.body).not.toContain('<script');
  });

  test('has an ETag that changes with what is around it', async () => {
    const wiki = await openWiki();
    await wiki.write('A', 'See [[B]]');
    const first = await wiki.call('GET', '/pages/A?format=html');
    const tagged = { 'if-none-match': first.headers.etag ?? '' };
    expect((await wiki.call('GET', '/pages/A?format=html', undefined, tagged)).status).toBe(304);
    await wiki.write('B', 'x');
    const second = await wiki.call('GET', '/pages/A?format=html', undefined, tagged);
    expect(second.status).toBe(200);
    expect(first.body).toContain('class="missing"');
    expect(second.body).not.toContain('class="missing"');
  });

  test('can be that of a revision', async () => {
    const wiki = await openWiki();
    const revision = await wiki.write('A', 'before');
    await wiki.write('A', 'after');
    expect((await wiki.call('GET', `/pages/A?format=html&revision=${revision}`)).body).toContain('before');
    expect((await wiki.call('GET', '/pages/A?format=html')).body).toContain('after');
  });

  test('is compiled once for all processes: later ones do not even load what compiles', async () => {
    const wiki = await openWiki();
    await wiki.write('A', 'words');
    const first = await wiki.call('GET', '/pages/A?format=html');
    expect(first.headers['server-timing']).toContain('renderer;');
    const other = await openAgain(wiki);
    const second = await other.app.handle({
      method: 'GET',
      path: '/api/v1/pages/A',
      query: 'format=html',
      headers: { authorization: `Bearer ${KEY}` },
      body: Buffer.alloc(0),
    });
    expect(second.body).toBe(first.body);
    expect(second.headers['server-timing']).toContain('rendered;');
    expect(second.headers['server-timing']).not.toContain('renderer;');
  });

  test('is refused in other formats, and where there is none', async () => {
    const wiki = await openWiki();
    await wiki.write('A', 'x');
    const other = await wiki.call('GET', '/pages/A?format=pdf');
    expect(other).toMatchObject({ status: 422, body: { code: 'query_invalid' } });
    expect(other.body.error).toContain('wanted json or html');
    expect((await wiki.call('GET', '/pages/A?format=html&section=B')).status).toBe(422);
    expect((await wiki.call('GET', '/pages/B?format=html')).status).toBe(404);
    expect((await wiki.call('GET', '/pages/A?format=json')).body.content).toBe('x');
  });

  test('embeds pages, attachments and lists', async () => {
    const wiki = await openWiki();
    await wiki.write('A', '![[B#Part]]\n{{AttachmentList}}\n\n{{PageIndex}}\n\n{{DataTable|src=t.csv}}');
    await wiki.write('B', '---\ntitle: T\n---\n# Part\n\nincluded\n\n# Other\n\nleft out');
    await wiki.write('A/Below', '---\ntitle: "Below <this>"\n---\n');
    await wiki.call('POST', '/pages/A/attachments', {
      filename: 't.csv',
      content: Buffer.from('Name;Size\nx;1').toString('base64'),
    });
    const { body } = await wiki.call('GET', '/pages/A?format=html');
    expect(body).toContain('included');
    expect(body).not.toContain('left out');
    expect(body).not.toContain('Properties');
    expect(body).toContain('<a href="/-/files/a/t.csv">t.csv</a>');
    expect(body).toContain('<a href="/a/below">Below &lt;this&gt;</a>');
    expect(body).toContain('<tr><td>x</td><td>1</td></tr>');
  });

  test('shows nothing of what the caller may not read', async () => {
    const wiki = await openWiki({ READ_ACCESS: 'ANONYMOUS' });
    await wiki.write('Public', '![[Secret]]\n\n[[Secret]]\n\n{{PageIndex}}\n\n[x](/secret/a.txt)');
    await wiki.write('Secret', 'hidden words');
    await wiki.write('Public/Hidden', 'x');
    const rules = [
      { path: 'secret', read: ['group:staff'] },
      { path: 'public/hidden', read: ['group:staff'] },
    ];
    expect((await wiki.call('PUT', '/policy/rules', { rules }, { 'if-match': '*' })).status).toBe(200);
    const absent = await openWiki({ READ_ACCESS: 'ANONYMOUS' });
    await absent.write('Public', '![[Secret]]\n\n[[Secret]]\n\n{{PageIndex}}\n\n[x](/secret/a.txt)');
    const anonymous = { authorization: '' };
    const seen = await wiki.call('GET', '/pages/Public?format=html', undefined, anonymous);
    const bare = await absent.call('GET', '/pages/Public?format=html', undefined, anonymous);
    expect(seen.status).toBe(200);
    expect(seen.body).toBe(bare.body);
    expect((await wiki.call('GET', '/pages/Secret?format=html', undefined, anonymous)).status).toBe(404);
    expect((await wiki.call('GET', '/pages/Public?format=html')).body).toContain('hidden words');
  });
});

describe('a text that is rendered', () => {
  test('is shown as its page would be, and nothing of it is stored', async () => {
    const wiki = await openWiki();
    await wiki.write('Docs/Here', 'x');
    const head = await wiki.head();
    const { status, body, headers } = await wiki.call('POST', '/render', {
      content: '# Über\n\n[l](./Here) $a$\n\n```mermaid\nx\n```',
      path: 'Docs',
    });
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(body.html).toContain('<a href="/docs/here">l</a>');
    expect(body).toMatchObject({
      headings: [{ level: 1, text: 'Über', anchor: 'uber' }],
      needs: ['mermaid'],
    });
    expect(await wiki.head()).toBe(head);
    const store = await wiki.service.store();
    expect((await store.list('render/')).objects).toEqual([]);
  });

  test('may be empty, or have a title', async () => {
    const wiki = await openWiki();
    expect((await wiki.call('POST', '/render', { content: '' })).body).toEqual({
      html: '',
      title: null,
      headings: [],
      needs: [],
    });
    expect((await wiki.call('POST', '/render', { content: '---\ntitle: T\n---\n' })).body.title).toBe('T');
  });

  test('is refused when it takes too much', async () => {
    const wiki = await openWiki();
    const deep = await wiki.call('POST', '/render', { content: `${'> '.repeat(5_000)}x` });
    expect(deep).toMatchObject({ status: 422, body: { code: 'render_too_deep' } });
    const large = await wiki.call('POST', '/render', { content: 'x'.repeat(1_100_000) });
    expect(large).toMatchObject({ status: 413, body: { code: 'render_too_large' } });
    expect((await wiki.call('POST', '/render', {})).status).toBe(422);
    expect((await wiki.call('POST', '/render', { content: 'x', path: '../up' })).status).toBe(422);
  });
});

import { expect, test } from 'vitest';
import type { RenderHooks } from '../../src/render/renderer.ts';
import { compiled, html, rendererOf } from './rendered.ts';

test('the variant changes with each setting that changes the result, and with no other', () => {
  const { variant } = rendererOf();
  const changed = [
    { wikilinkStyle: 'LINK_TITLE' },
    { retainPageNameCase: true },
    { openLinksInNewTab: true },
    { htmlAllowlist: new Map([['kbd', []]]) },
    { hooks: { variant: 'a@1' } },
  ].map(settings => rendererOf(settings).variant);
  expect(new Set([variant, ...changed]).size).toBe(changed.length + 1);
  expect(rendererOf({ timeoutMs: 99, maxBytes: 2048 }).variant).toBe(variant);
});

test('a compiled page is plain JSON', async () => {
  const page = await compiled('# a\n\n[[b]] ![c](d) $x$\n\n```mermaid\nx\n```\n\n{{PageIndex}}');
  expect(JSON.parse(JSON.stringify(page))).toEqual(page);
  expect(page.needs).toEqual(['mermaid']);
});

test('hooks change the text, the parts and the whole, and are sanitised like all else', async () => {
  const hooks: RenderHooks = {
    variant: 'test@1',
    preprocess: markdown => markdown.replace('NAME', '**name**'),
    postprocess: text => `${text}<p onclick="x">end</p>`,
    processHeading: (text, { level }) => `<section>${level}${text}</section>`,
    processLink: (text, { url }) => `${text}<script>${url}</script>`,
    processImage: (_, { src, alt }) => `<em>${alt} ${src}</em>`,
    processWikiLink: (text, { target }) => `<mark title="${target}">${text}</mark>`,
  };
  const result = await html('# h\n\nNAME [a](b) ![c](d) [[e]]', { hooks });
  expect(result).toContain('<section>1<h1 id="h">');
  expect(result).toContain('<strong>name</strong> <a href="b">a</a>');
  expect(result).toContain('<em>c d</em> <mark title="e"><a href="/e">e</a></mark>');
  expect(result).toMatch(/<p>end<\/p>$/);
  expect(result).not.toContain('<script');
});

test('code that a hook brings in is coloured as any other', async () => {
  const hooks: RenderHooks = { variant: 'test@1', preprocess: () => '```python\nimport os\n```' };
  expect(await html('x', { hooks })).toContain('<span class="hljs-keyword">import</span>');
});

test('a hook cannot forge a reference', async () => {
  const hooks: RenderHooks = { variant: 'test@1', preprocess: () => '\x000\0 [[a]]' };
  expect((await compiled('x', { hooks })).refs).toHaveLength(2);
});

test('renderers work side by side', async () => {
  const sources = Array.from({ length: 20 }, (_, at) => `# h${at}\n\nx[^1]\n\n[^1]: n${at}`);
  const renderer = rendererOf();
  const pages = await Promise.all(sources.map(each => renderer.compile(each)));
  for (const [at, page] of pages.entries()) {
    expect(page.headings.map(each => each.anchor)).toEqual([`h${at}`]);
    expect(page.html.join('')).toContain(`n${at} `);
  }
});

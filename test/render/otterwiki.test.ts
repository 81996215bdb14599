import { describe, expect, test } from 'vitest';
import { compiled, html } from './rendered.ts';

/** The rows of Otterwiki's table of features, with the HTML that matters. */
const ROWS: readonly (readonly [feature: string, markdown: string, expected: readonly string[]])[] = [
  [
    'a heading has an anchor',
    '# Über Head',
    ['<h1 id="uber-head">Über Head<a class="anchor"', 'href="#uber-head"'],
  ],
  ['equal headings have anchors of their own', '# A\n\n# A\n\n# A', ['id="a"', 'id="a-1"', 'id="a-2"']],
  ['a heading of another script has an anchor', '# 日本語 です', ['<h1 id="日本語-です">']],
  ['a heading without letters has an anchor', '# !!!', ['<h1 id="section">']],
  ['a wiki link', '[[A Page]]', ['<a href="/A Page">A Page</a>']],
  ['a wiki link with a title', '[[Title|A Page#Sec One]]', ['<a href="/A Page#Sec One">Title</a>']],
  ['a wiki link to a section of the page', '[[#Local One]]', ['<a href="#local-one">#Local One</a>']],
  ['a wiki link whose name looks like an address', '[[Help: Editing]]', ['<a href="/Help: Editing">']],
  ['a wiki link in a table', '|a|\n|-|\n|[[T\\|P]]|', ['<td><a href="/P">T</a></td>']],
  ['a relative link', '[l](./a.png)', ['<a href="./a.png">l</a>']],
  ['a picture', '![i](./a.png "t")', ['<img class="img-fluid" src="./a.png" alt="i" title="t" />']],
  ['a picture whose text is marked up', '![*a* `b`](c)', ['alt="a b"']],
  ['a bare address', 'http://x.y/z', ['<a href="http://x.y/z">http://x.y/z</a>']],
  ['marked text', '==m *x*==', ['<mark>m <em>x</em></mark>']],
  ['text with equals signs', 'a == b == c', ['<p>a == b == c</p>']],
  ['struck text', '~~x~~', ['<del>x</del>']],
  [
    'an abbreviation',
    '*[HTML]: Hyper "Text"\n\nHTML XHTML HTML.',
    ['<p><abbr title="Hyper &quot;Text&quot;">HTML</abbr> XHTML <abbr'],
  ],
  [
    'a task list',
    '- [x] b\n- [ ] c',
    ['<li class="task-list-item"><input class="task-list-item-checkbox" type="checkbox"', 'checked="" /> b'],
  ],
  [
    'a footnote',
    'x[^1]\n\n[^1]: note',
    [
      '<sup class="footnote-ref" id="fnref-1"><a href="#fn-1">1</a></sup>',
      '<section class="footnotes">\n<hr />\n<ol>\n<li id="fn-1"><p>note <a class="footnote"',
      'href="#fnref-1">↩</a></p></li>',
    ],
  ],
  [
    'footnotes in the order of their use',
    'x[^b] y[^a]\n\n[^a]: A\n\n[^b]: B',
    ['id="fn-1"><p>B', 'id="fn-2"><p>A'],
  ],
  [
    'a footnote that is used twice',
    'x[^a] y[^a]\n\n[^a]: A',
    ['id="fnref-1"', 'id="fnref-1-2"', 'href="#fnref-1-2">↩</a>'],
  ],
  [
    'a footnote of several paragraphs',
    'x[^a]\n\n[^a]: A\n\n    B\n\nC',
    ['<p>A</p>\n<p>B <a class="footnote"', '<p>C</p>'],
  ],
  ['a footnote that is not there', 'x[^a]', ['<p>x[^a]</p>']],
  ['a table with columns', '|a|b|\n|-|-:|\n|c \\| d|e|', ['<td>c | d</td>\n<td align="right">e</td>']],
  [
    'a fancy block',
    '::: info\n# Head\nbody\n:::',
    [
      '<div class="alert alert-primary mb-20" role="alert">\n<h4 class="alert-heading">Head</h4>\n<p>body</p>\n</div>',
    ],
  ],
  [
    'a fancy block without a space',
    'x\n::::danger\nbody\n::::\ny',
    ['<div class="alert alert-danger mb-20"', '<p>y</p>'],
  ],
  ['a fancy block without a name', ':::\nx\n:::', ['<div class="alert mb-20" role="alert">\n<p>x</p>']],
  ['a fancy block with a name of its own', '::: mine\nx\n:::', ['<div class="alert alert-mine mb-20"']],
  [
    'fancy blocks in one another',
    '::: red\n::: green\nx\n:::\ny\n:::\nz',
    ['alert-danger', 'alert-success', '<p>y</p>\n</div>\n<p>z</p>'],
  ],
  ['a fancy block with code', '::: red\n```\n:::\n```\n:::\nz', [':::\n</code>', '<p>z</p>']],
  [
    'a spoiler',
    '>! hidden\n>! *too*',
    ['<details class="spoiler">\n<summary>Spoiler</summary>', '<p>hidden\n<em>too</em></p>'],
  ],
  [
    'a fold',
    '>| # Title\n>| body',
    ['<details class="collapse-panel">\n<summary>Title</summary>', '<p>body</p>'],
  ],
  ['a fold without a title', '>| body', ['<summary>...</summary>']],
  [
    'an alert',
    '> [!NOTE]\n> x *y*',
    [
      '<div class="quote-alert quote-alert-note">\n<p class="quote-alert-title">Note</p>\n<p>x <em>y</em></p>',
    ],
  ],
  ['an alert in small letters', '> [!warning] \n>\n> x', ['quote-alert-warning', '<p>x</p>']],
  ['a quote that is no alert', '> [!OTHER]\n> x', ['<blockquote>']],
  ['raw HTML that is allowed', '<kbd title="k">a</kbd> <u>b</u>', ['<kbd title="k">a</kbd> <u>b</u>']],
  ['Markdown in raw HTML', '<div>\n\n*a*\n\n</div>', ['<div><p><em>a</em></p>\n</div>']],
  [
    'a tag that holds no HTML',
    'a <script>b</script> *c*',
    ['<p>a &lt;script&gt;b&lt;/script&gt; <em>c</em></p>'],
  ],
];

test.each(ROWS)('%s', async (_, markdown, expected) => {
  const result = (await html(markdown)).replace(' disabled=""', '');
  for (const part of expected) expect(result).toContain(part);
});

describe('frontmatter', () => {
  test('is shown folded, with the title as a heading', async () => {
    const result = await html('---\ntitle: A & B\ntags: [x, y]\nempty:\n---\n\ntext');
    expect(result).toContain('<details id="frontmatter" class="frontmatter">\n<summary>Properties</summary>');
    expect(result).toContain('<th scope="row">tags</th><td>x, y</td>');
    expect(result).toContain('<h1 id="a-b">A &amp; B</h1>\n<p>text</p>');
  });

  test('adds no heading to a page that has one', async () => {
    const page = await compiled('---\ntitle: T\n---\n# Own\n');
    expect(page.headings).toEqual([{ level: 1, text: 'Own', anchor: 'own' }]);
    expect(page.title).toBe('T');
  });

  test('of a page without one is nothing', async () => {
    expect(await compiled('text\n---\na: b\n---\n')).toMatchObject({ title: null });
    expect(await html('text')).toBe('<p>text</p>\n');
  });
});

describe('settings', () => {
  test('with the style of links turned, the page stands on the left', async () => {
    for (const wikilinkStyle of ['LINK_TITLE', 'PageNameTitle'])
      expect(await html('[[P|Title]]', { wikilinkStyle })).toContain('<a href="/P">Title</a>');
  });

  test('links to other sites open in a new tab where that is wanted', async () => {
    const markdown = '[a](https://x.y) [b](b.md) [c](mailto:a@b.c) <a href="//z.y" target="_top">d</a>';
    const external = 'class="external" target="_blank" rel="noopener"';
    expect(await html(markdown, { openLinksInNewTab: true })).toBe(
      `<p><a href="https://x.y" ${external}>a</a> <a href="b.md">b</a> <a href="mailto:a@b.c">c</a> <a href="//z.y" ${external}>d</a></p>\n`,
    );
    expect(await html(markdown)).not.toMatch(/external|target|rel=/);
  });
});

test('headings are told in their order, as plain text', async () => {
  const page = await compiled('# A *b* `c` [[d]] ![e](f)\n\nG\n--\n\n> ### H <b>i</b>');
  expect(page.headings).toEqual([
    { level: 1, text: 'A b c d e', anchor: 'a-b-c-d-e' },
    { level: 2, text: 'G', anchor: 'g' },
    { level: 3, text: 'H i', anchor: 'h-i' },
  ]);
});

test('character references are read once', async () => {
  const page = await compiled(
    '# A &amp; B &lt;b&gt; &#x41;&#66; & C\n\n![a &amp; &ouml; "b"](c?d&amp;e "f &amp; \\"g\\"")',
  );
  expect(page.headings).toEqual([{ level: 1, text: 'A & B <b> AB & C', anchor: 'a-b-b-ab-c' }]);
  expect(page.refs.at(-1)).toEqual({ kind: 'source', target: 'c?d&e' });
  const result = page.html.join('');
  expect(result).toContain('alt="a &amp; ö &quot;b&quot;" title="f &amp; &quot;g&quot;"');
  expect(result).toContain('aria-label="Link to A &amp; B &lt;b&gt; AB &amp; C"');
});

test('links are references, with the state of pages beside them', async () => {
  const page = await compiled('[a](../b.md#c) [[D]] ![e](f.png) [g](#h) https://x.y');
  expect(page.refs).toEqual([
    { kind: 'link', target: '../b.md#c', isWikiLink: false },
    { kind: 'state', target: '../b.md#c', isWikiLink: false },
    { kind: 'link', target: '/D', isWikiLink: true },
    { kind: 'state', target: '/D', isWikiLink: true },
    { kind: 'source', target: 'f.png' },
    { kind: 'anchor', anchor: 'h' },
  ]);
});

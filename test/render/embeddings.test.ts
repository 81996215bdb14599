import { describe, expect, test } from 'vitest';
import { createRenderer } from '../../src/render/create-renderer.ts';
import type { Place } from '../../src/render/renderer.ts';

const renderer = createRenderer(
  {
    wikilinkStyle: '',
    retainPageNameCase: false,
    openLinksInNewTab: false,
    htmlAllowlist: new Map(),
    timeoutMs: 5_000,
    maxBytes: 1024 * 1024,
  },
  body => ({ frontmatter: null, body }),
);

/** A wiki of a few files in memory; relative targets are those of the page's folder. */
function placeOf(files: Record<string, string>, file = 'home.md'): Place {
  return {
    file,
    pageUrl: (page, anchor) => `/${page.replace(/\.md$/, '')}${anchor && `#${anchor}`}`,
    fileUrl: path => `/-/files/${path}`,
    async resolve(target, isWikiLink) {
      const [path = '', anchor = ''] = target.split('#');
      const plain = path
        .replace(/^\.?\//, path.startsWith('./') ? `${file.slice(0, -3)}/` : '')
        .toLowerCase();
      if (!isWikiLink && plain in files) return { file: plain, anchor, isPage: false, exists: true };
      if (isWikiLink && plain in files) return { file: plain, anchor, isPage: false, exists: true };
      return { file: `${plain}.md`, anchor, isPage: true, exists: `${plain}.md` in files };
    },
    async page(path, section) {
      const text = files[path];
      if (text === undefined || section === 'absent') return undefined;
      return await renderer.compile(section === undefined ? text : `## ${section}\n\nonly this`);
    },
    at: path => placeOf(files, path),
    attachments: async () => [
      { name: 'a "b".txt', size: 2_048, seconds: 86_400 },
      { name: 'c.png', size: 10, seconds: 0 },
    ],
    pagesBelow: async (folder, limit) =>
      Object.keys(files)
        .filter(path => path.startsWith(`${folder}/`) && path.endsWith('.md'))
        .slice(0, limit)
        .map(path => ({ file: path, name: path.replace(/^.*\/|\.md$/g, '') })),
    async read(path, maxBytes) {
      const bytes = Buffer.from(files[path] ?? '');
      return path in files && bytes.length <= maxBytes ? bytes : undefined;
    },
  };
}

async function show(source: string, files: Record<string, string> = {}) {
  return await renderer.place(await renderer.compile(source), placeOf({ 'home.md': source, ...files }));
}

describe('boxes', () => {
  test('an InfoBox is a table of its options, with Markdown in it', async () => {
    const { html } = await show(
      '{{InfoBox\n|caption=Some *Caption*\n|Answer=42\n|width=40%\n|Site=[here](https://example.org)\nText **bold**\n}}',
    );
    expect(html).toContain('<div class="infobox infobox-float-right embed-width-40">');
    expect(html).toContain('<div class="infobox-caption">Some <em>Caption</em></div>');
    expect(html).toContain('<tr><th scope="row">Answer</th><td>42</td></tr>');
    expect(html).toContain('<a href="https://example.org">here</a>');
    expect(html).toContain('<strong>bold</strong>');
    expect(html).not.toContain('width</th>');
  });

  test('an ImageFrame shows an attachment of the page, or what stands in it', async () => {
    const files = { 'home/otter.png': '' };
    const { html } = await show('{{ImageFrame|src=otter.png|alt=An "otter"|position=left}}', files);
    expect(html).toContain('class="embed-frame embed-float-left embed-width-30"');
    expect(html).toContain('src="/-/files/home/otter.png"');
    expect(html).toContain('alt="An &quot;otter&quot;"');
  });

  test('a Figure has its caption below', async () => {
    const { html } = await show('{{Figure|caption=What *it* is\n![x](a.png)\n}}');
    expect(html).toMatch(
      /<figure class="figure">[\s\S]*<img [\s\S]*<figcaption>What <em>it<\/em> is<\/figcaption>\s*<\/figure>/,
    );
  });

  test('a video of the wiki is played, one of another site is a link', async () => {
    const own = await show('{{Video|width=80%|loop=no|clip.mp4}}', { 'home/clip.mp4': '' });
    expect(own.html).toContain('<video width="80%" preload="metadata" controls');
    expect(own.html).not.toContain(' loop');
    expect(own.html).toContain('<source src="/-/files/home/clip.mp4" type="video/mp4"');
    const other = await show('{{Video\nhttps://www.youtube.com/watch?v=dQw4w9WgXcQ\n}}');
    expect(other.html).toContain('<a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">');
    expect(other.html).not.toMatch(/<(?:video|iframe)/);
  });

  test('values do not break out of where they stand', async () => {
    const attack = '"><img src=x onerror=alert(1)>';
    const { html } = await show(
      `{{ImageFrame|src=${attack}|alt=${attack}|width=${attack}|text-align=${attack}}}\n\n{{InfoBox|${attack}k=v|caption=${attack}}}\n\n{{Video|width=${attack}|src=${attack}}}\n\n{{Foo "><script>}}`,
    );
    const names = [...html.matchAll(/<[a-z][^\s>]*((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>/g)].flatMap(
      ([, attributes]) => [...(attributes ?? '').matchAll(/([\w-]+)(?:="[^"]*")?/g)].map(([, name]) => name),
    );
    expect(names).toContain('alt');
    expect(names).not.toContain('onerror');
    expect(html).not.toContain('<script');
  });

  test.each(['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'java&#10;script:alert(1)'])(
    'a video at %s is nothing that can be followed',
    async url => {
      const { html } = await show(`{{Video|src=${url}}}`);
      expect(html).not.toMatch(/(?:src|href)="\s*(?:java|data)/i);
    },
  );

  test('an embedding that nobody knows is named', async () => {
    const { html } = await show('{{Weather|town=Oslo}}');
    expect(html).toContain('Unknown Embedding: <code>Weather</code>');
  });

  test('in code it is code', async () => {
    const { html } = await show('```\n{{Video|src=a.mp4}}\n```');
    expect(html).toContain('{{Video|src=a.mp4}}');
  });
});

describe('tables', () => {
  test('a DataTable in the text is that table', async () => {
    const { html } = await show(
      '{{datatable\n|caption=Months\n| No | Month |\n| --:| --- |\n| 1 | May |\n}}',
    );
    expect(html).toMatch(/<div class="embed-table">\s*<div class="embed-caption">Months<\/div>\s*<table/);
    expect(html).toContain('<td>May</td>');
  });

  test('a DataTable of an attachment has its rows, escaped', async () => {
    const files = { 'home/a.csv': 'Name;Size\n"<b>; ""x""";2\r\n\nc;3' };
    const { html, uses } = await show('{{DataTable|src=a.csv|columns=Size,Name}}', files);
    expect(html).toContain('<tr><th scope="col">Size</th><th scope="col">Name</th></tr>');
    expect(html).toContain('<tr><td>2</td><td>&lt;b&gt;; &quot;x&quot;</td></tr>');
    expect(html).toContain('<tr><td>3</td><td>c</td></tr>');
    expect(uses).toEqual(['home/a.csv']);
  });

  test('a DataTable shows a column once, however often it is asked for', async () => {
    const files = { 'home/a.csv': `n\n${'x'.repeat(1_000)}` };
    const { html } = await show(`{{DataTable|src=a.csv|columns=${'1,'.repeat(5_000)}1}}`, files);
    expect(html.match(/<td>/g)).toHaveLength(1);
  });

  test('short rows of a DataTable are filled up to a limit', async () => {
    const files = { 'home/a.csv': `${';'.repeat(20_000)}\n${'x\n'.repeat(20_000)}` };
    const { html } = await show('{{DataTable|src=a.csv}}', files);
    expect(html.match(/<td>/g)?.length).toBeLessThanOrEqual(50_000);
    expect(html).toContain('Cells behind the first 50000 are not shown');
  });

  test('a DataTable without its attachment says so', async () => {
    const { html } = await show('{{DataTable|src=../../etc/passwd}}');
    expect(html).toContain('there is no attachment <code>../../etc/passwd</code>');
  });

  test('a large attachment is cut', async () => {
    const { html } = await show('{{DataTable|src=a.csv|header=false}}', {
      'home/a.csv': '1;2\n'.repeat(30_000),
    });
    expect(html).toContain('Cells behind the first 50000 are not shown');
    expect(html.split('<tr>').length).toBe(25_001);
  });
});

describe('lists', () => {
  test('attachments that fit a pattern', async () => {
    const { html, uses } = await show('{{AttachmentList\n|filter=\\*txt\n|caption=All\n}}');
    expect(html).toContain('<caption>All</caption>');
    expect(html).toContain(
      '<td><a href="/-/files/home/a &quot;b&quot;.txt">a &quot;b&quot;.txt</a></td><td>2.0 KiB</td><td>1970-01-02 00:00</td>',
    );
    expect(html).not.toContain('c.png');
    expect(uses).toEqual(['home/']);
  });

  test('pages below', async () => {
    const { html, uses } = await show('{{PageIndex}}', {
      'home/a.md': '',
      'home/a/b.md': '',
      'other.md': '',
    });
    expect(html).toContain('<li class="page-index-depth-0"><a href="/home/a">a</a></li>');
    expect(html).toContain('<li class="page-index-depth-1"><a href="/home/a/b">b</a></li>');
    expect(html).not.toContain('other');
    expect(uses).toEqual(['home/']);
  });

  test('a pattern with many stars takes no longer than a few', async () => {
    const { html } = await show(`{{AttachmentList|filter=${'*a'.repeat(200)}*b|caption=x}}`);
    expect(html).not.toContain('<td>');
  });
});

describe('transclusion', () => {
  test('a page, and a section of it, stand where they are named', async () => {
    const files = { 'a.md': '# Title\n\nof [it](/home)' };
    const { html, uses } = await show('before\n\n![[A]]\n{{Include|a#Part}}', files);
    expect(html).toContain('of <a href="/home">it</a>');
    expect(html).toContain('only this');
    expect(uses).toEqual(['a.md']);
  });

  test('anchors of embedded pages are theirs alone', async () => {
    const { html } = await show('# Title\n\n![[A]]\n![[A]]', { 'a.md': '# Title\n\nx[^1]\n\n[^1]: note' });
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('title');
    expect(ids).toContain('embedded-1-title');
    const targets = [...html.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
    expect(targets.filter(target => !ids.includes(target))).toEqual([]);
  });

  test('links of embedded pages mean what they mean there', async () => {
    const { html } = await show('![[Docs/A]]', { 'docs/a.md': '![p](./b.png)', 'docs/a/b.png': '' });
    expect(html).toContain('src="/-/files/docs/a/b.png"');
  });

  test('a page that would embed itself does not', async () => {
    const { html } = await show('![[Home]]\n![[A]]', { 'a.md': '![[B]]', 'b.md': '![[A]]' });
    expect(html.match(/it would embed itself/g)).toHaveLength(2);
  });

  test('what is not there, or may not be read, is named as it is written', async () => {
    const { html, uses } = await show('![[<i>Absent</i>]]\n{{Include|home#absent}}');
    expect(html).toContain('Not embedded: <code>&lt;i&gt;Absent&lt;/i&gt;</code>, there is no such page');
    expect(html).toContain('there is no such section');
    expect(uses).toContain('<i>absent</i>.md');
  });

  test('a chain ends after eight pages', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [`p${at}.md`, `level ${at}\n\n![[p${at + 1}]]`]),
    );
    const { html } = await show('![[p0]]', files);
    expect(html).toContain('level 7');
    expect(html).not.toContain('level 8');
    expect(html).toContain('pages are embedded at most 8 deep');
  });

  test('pages that embed many others end at a limit, each time the same', async () => {
    const many = (name: string) => `![[${name}]]\n\n`.repeat(10);
    const files = { 'a.md': many('b'), 'b.md': many('c'), 'c.md': many('d'), 'd.md': 'end' };
    const [first, second] = [await show(many('a'), files), await show(many('a'), files)];
    expect(first.html).toContain('there are too many embeddings on this page');
    expect(first.html.match(/end/g)?.length).toBeLessThan(200);
    expect(second.html).toBe(first.html);
  });

  test('large pages that are embedded often end at a limit', async () => {
    const { html } = await show('![[a]]\n\n'.repeat(8), { 'a.md': 'x'.repeat(1_000_000) });
    expect(html.length).toBeLessThan(5_000_000);
    expect(html).toContain('the page would become too large');
  });

  test('tables and lists that are drawn often end at a limit', async () => {
    const table = '{{DataTable|src=a.csv}}';
    const { html } = await show(`${table}\n\n`.repeat(8), { 'home/a.csv': 'x'.repeat(1_000_000) });
    expect(html.length).toBeLessThan(5_000_000);
    expect(html).toContain('the page would become too large');
  });

  test('a picture can be named, too', async () => {
    const { html } = await show('![[pic.png]]', { 'pic.png': '' });
    expect(html).toContain('<img class="img-fluid" src="/-/files/pic.png" alt="pic.png">');
  });
});

describe('formulas and code on a page', () => {
  test('formulas are MathML in every way they can be written', async () => {
    const { html } = await show('a $x$ b `$y$`\n$$z$$\n\n```math\nu\nv\n```\n\ncosts $5 and $6, \\$x\\$');
    expect(html.match(/<math/g)).toHaveLength(5);
    expect(html.match(/<math display="block"/g)).toHaveLength(3);
    expect(html).toContain('costs $5 and $6, $x$');
  });

  test('a formula that cannot be read is shown escaped', async () => {
    const { html } = await show('$\\href{javascript:alert(1)}{<b>}$');
    expect(html).toContain('<code class="math-error">\\href{javascript:alert(1)}{&lt;b&gt;}</code>');
  });

  test('code has its language and its numbers', async () => {
    const { html } = await show('```python=\nx = 1\n```\n\n```mermaid\na-->b\n```\n');
    expect(html).toContain('<pre class="line-numbers" aria-hidden="true">1</pre>');
    expect(html).toContain('<code class="hljs language-python">');
    expect(html).toContain('<pre class="mermaid">a--&gt;b');
  });

  test('a diagram is something that a browser needs more for', async () => {
    const { needs } = await show('![[a]]', { 'a.md': '```mermaid\na\n```' });
    expect(needs).toEqual(['mermaid']);
  });
});

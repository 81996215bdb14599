import { describe, expect, test } from 'vitest';
import { ATTACKS } from './attacks.ts';
import { dangersIn } from './dangers.ts';
import { compiled, html, joined } from './rendered.ts';

for (const [kind, sources] of Object.entries(ATTACKS)) {
  test(`${kind}: nothing is left but what the allow-list has`, async () => {
    for (const source of sources) {
      const page = await compiled(source);
      const anchors = new Set(page.refs.flatMap(ref => (ref.kind === 'anchor' ? [ref.anchor] : [])));
      expect(dangersIn(joined(page), anchors), source).toEqual([]);
      expect(page.html.join(''), source).not.toContain('\0');
    }
  });
}

describe('what the check itself finds', () => {
  test.each([
    '<script>x</script>',
    '<p onclick="x">y</p>',
    '<a href="javascript:x">y</a>',
    '<p id="a">x</p>',
    '<svg></svg>',
    '<img src="data:image/svg+xml,x">',
    '<math><annotation-xml></annotation-xml></math>',
    '<p style="x">y</p>',
  ])('%s is refused', attack => {
    expect(dangersIn(attack, new Set())).not.toEqual([]);
  });
});

test('what the operator allows is allowed, but for what no setting allows', async () => {
  const htmlAllowlist = new Map([
    ['video', ['src', 'controls', 'onplay']],
    ['kbd', ['style', 'id', 'data-key']],
    ['script', ['src']],
    ['iframe', ['src']],
  ]);
  const source =
    '<kbd data-key="a" style="x" id="y">k</kbd><video src="./a.mp4" controls onplay="x"></video><script src="x">s</script>';
  const result = await html(source, { htmlAllowlist });
  expect(result).toContain('<kbd data-key="a">k</kbd><video src="./a.mp4" controls=""></video>');
  expect(result).not.toMatch(/<script|onplay|style|id=/);
});

test('an embedding within an attribute is not put in', async () => {
  const page = await compiled("<div title='\n\n{{PageIndex}}\n\n'>x</div>");
  expect(page.refs.filter(ref => ref.kind === 'embed')).toEqual([]);
});

test('no reference to a place in the wiki has a scheme or names a host', async () => {
  const sources = Object.values(ATTACKS).flat();
  for (const source of sources) {
    for (const ref of (await compiled(source)).refs) {
      if (ref.kind !== 'link' && ref.kind !== 'source') continue;
      const url = URL.parse(ref.target, 'https://wiki.example.org/docs/');
      expect(url?.host ?? 'wiki.example.org', source).toBe('wiki.example.org');
    }
  }
});

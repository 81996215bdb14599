import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isKittiwakeError } from '../../src/core/errors.ts';
import { dangersIn } from './dangers.ts';
import { joined, rendererOf } from './rendered.ts';

const OPENERS = [
  '<',
  '</',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?',
  '"',
  "'",
  '`',
  '=',
  '>',
  '/>',
  '&',
  ';',
  '\\',
  '\n',
  '\n\n',
  ' ',
  '\t',
  '\0',
];
const TAGS = [
  'a',
  'b',
  'p',
  'div',
  'img',
  'svg',
  'math',
  'mtext',
  'mglyph',
  'style',
  'script',
  'title',
  'textarea',
  'noscript',
  'table',
  'td',
  'select',
  'option',
  'iframe',
  'form',
  'input',
  'details',
  'template',
  'xmp',
  'plaintext',
  'foreignObject',
  'annotation-xml',
  'li',
];
const ATTRIBUTES = [
  'href',
  'src',
  'onclick',
  'onerror',
  'style',
  'id',
  'name',
  'class',
  'title',
  'data-state',
  'target',
  'xlink:href',
  'srcset',
  'poster',
];
const VALUES = [
  'javascript:alert(1)',
  'JaVa&#115;cript&colon;alert(1)',
  'data:text/html,x',
  'java\nscript:x',
  '//evil.example',
  '#h',
  './a.png',
  'x',
  'wiki',
  'alert',
  '&quot; onclick=&quot;x',
  '</style><img src=x onerror=x>',
  '&#0;0&#0;',
];
const MARKDOWN = [
  '# ',
  '::: info\n',
  ':::\n',
  '>! ',
  '>| # ',
  '> [!NOTE]\n> ',
  '- [x] ',
  '1. ',
  '|a|b|\n|-|-|\n|',
  '```js\n',
  '```math\n',
  '~~~mermaid\n',
  '[[',
  ']]',
  '[[A|B]]',
  '![[A#b]]',
  '[x](',
  '![x](',
  ')',
  '[^1]',
  '\n[^1]: ',
  '\n*[A]: ',
  '==',
  '~~',
  '**',
  '_',
  '$',
  '$$',
  '`$',
  '{{',
  '}}',
  '{{InfoBox\n|title=',
  '{{PageIndex}}',
  '{{Figure\n|src=',
  '\n[x]: ',
  '---\ntitle: ',
  '\n---\n',
  '    ',
  '<javascript:x>',
  'A',
];

const attribute = fc
  .tuple(
    fc.constantFrom(...ATTRIBUTES),
    fc.constantFrom('="', "='", '=', ''),
    fc.constantFrom(...VALUES),
    fc.constantFrom('"', "'", ''),
  )
  .map(parts => ` ${parts.join('')}`);
const tag = fc
  .tuple(
    fc.constantFrom('<', '</'),
    fc.constantFrom(...TAGS),
    fc.array(attribute, { maxLength: 3 }),
    fc.constantFrom('>', '/>', '', '\n'),
  )
  .map(([open, name, attributes, close]) => open + name + attributes.join('') + close);
const piece = fc.oneof(
  { weight: 3, arbitrary: tag },
  { weight: 4, arbitrary: fc.constantFrom(...MARKDOWN) },
  { weight: 2, arbitrary: fc.constantFrom(...OPENERS) },
  { weight: 1, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 1, arbitrary: fc.string({ maxLength: 5 }) },
);
const source = fc.array(piece, { minLength: 1, maxLength: 25 }).map(pieces => pieces.join(''));

test('whatever is mixed, a page holds nothing but what the allow-list has', async () => {
  const renderer = rendererOf();
  await fc.assert(
    fc.asyncProperty(source, async markdown => {
      const page = await renderer.compile(markdown);
      const anchors = new Set(page.refs.flatMap(ref => (ref.kind === 'anchor' ? [ref.anchor] : [])));
      expect(dangersIn(joined(page), anchors)).toEqual([]);
      expect(page.html.length).toBe(page.refs.length + 1);
      expect(page.html.join('')).not.toContain('\0');
    }),
    { numRuns: 400 },
  );
});

test('the same text comes out the same, whatever was rendered before', async () => {
  const [used, fresh] = [rendererOf({ timeoutMs: 50 }), rendererOf()];
  const tooLong = 'a**b'.repeat(50_000);
  await fc.assert(
    fc.asyncProperty(source, async markdown => {
      await used.compile(markdown).catch(error => expect(isKittiwakeError(error)).toBe(true));
    }),
    { numRuns: 50 },
  );
  await expect(used.compile(tooLong)).rejects.toMatchObject({ code: 'render_too_long' });
  const text = '# a *b*\n\n[[x]] ==y== `z` [^1]\n\n```js\nlet a = 1;\n```\n\n[^1]: n';
  const known = rendererOf({ timeoutMs: 2000 });
  expect(await known.compile(text)).toEqual(await fresh.compile(text));
});

import { expect, test } from 'vitest';
import { isKittiwakeError } from '../../src/core/errors.ts';
import { withinTime } from '../../src/render/watchdog.ts';
import { compiled, rendererOf } from './rendered.ts';

const TIMEOUT_MS = 200;
const N = 100_000;

const numbered = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n');

/** Texts that take some parser more than linear time, or more stack or memory than there is. */
const HOSTILE: Readonly<Record<string, string>> = {
  'quotes in quotes': `${'>'.repeat(10_000)}x`,
  'quotes, one deeper in each line': numbered(1000, at => `${'> '.repeat(at)}a`),
  'lists in lists': numbered(1000, at => `${' '.repeat(2 * at)}- a`),
  'lists in lists on one line': `${'- '.repeat(10_000)}x`,
  'list items': '- a\n'.repeat(30_000),
  'open brackets': '['.repeat(N),
  'pairs of brackets': '['.repeat(N / 2) + ']'.repeat(N / 2),
  'open links': '[a]('.repeat(N / 4),
  'links in links': '[a '.repeat(10_000) + '](b)'.repeat(10_000),
  'parentheses in an address': `[a](${'('.repeat(N)}`,
  stars: '*'.repeat(N),
  'emphasis that never closes': '*a _b **c '.repeat(N / 10),
  'emphasis on both sides': 'a**b'.repeat(N / 4),
  'a narrow table with short rows': `${'|'.repeat(20)}\n${'|-'.repeat(19)}|\n${'|\n'.repeat(400_000)}`,
  'runs of stars': numbered(400, at => '*'.repeat(at)),
  underscores: '_a'.repeat(N / 2),
  tildes: '~~a'.repeat(N / 3),
  'back-ticks': '`'.repeat(N),
  'runs of back-ticks': numbered(440, at => '`'.repeat(at)).replaceAll('\n', ' '),
  'a table with more cells than characters': `${'|'.repeat(1000)}\n${'|-'.repeat(999)}|\n${'|\n'.repeat(50_000)}`,
  'a large table': `${'|a'.repeat(300)}|\n${'|-'.repeat(300)}|\n${`${'|a'.repeat(300)}|\n`.repeat(300)}`,
  pipes: '|'.repeat(N),
  'angle brackets': '<'.repeat(N),
  'open tags': '<a '.repeat(N / 3),
  'attributes without an end': `<a${' x=1'.repeat(N / 4)}`,
  'elements in elements': '<div>'.repeat(N / 5),
  'inline elements in elements': '<b>'.repeat(N / 3),
  'end tags': '</b>'.repeat(N / 4),
  comments: '<!--'.repeat(N / 4),
  CDATA: '<![CDATA['.repeat(N / 9),
  instructions: '<?'.repeat(N / 2),
  'pictures of links': '![[[['.repeat(N / 5),
  'pictures in pictures': '!['.repeat(N / 2),
  'wiki links without an end': '[[a|'.repeat(N / 4),
  'blocks in blocks': '::: a\n'.repeat(10_000),
  'blocks without a name': ':::\n'.repeat(20_000),
  'folds in folds': `${'>| '.repeat(3000)}x`,
  'spoilers in spoilers': `${'>! '.repeat(3000)}x`,
  'marks without an end': '==a '.repeat(N / 4),
  'equals signs': '='.repeat(N),
  'footnotes without an end': '[^a'.repeat(N / 3),
  'the same footnote': '[^a]: x\n'.repeat(N / 8),
  'references to a footnote': `${'[^1] '.repeat(N / 8)}\n\n[^1]: x`,
  'footnotes in footnotes': `${numbered(5000, at => `[^${at}]: [^${at + 1}]\n`)}\n\n[^0]`,
  abbreviations: `${numbered(5000, at => `*[A${at}]: m`)}\n\n${'A1 '.repeat(20_000)}`,
  'a long meaning': `*[A]: ${'m'.repeat(1000)}\n\n${'A '.repeat(N)}`,
  'a long address, often': `[a]: http://x/${'y'.repeat(N)}\n\n${'[a] '.repeat(10_000)}`,
  definitions: numbered(20_000, at => `[a${at}]: u`),
  'bare addresses': 'http://a'.repeat(N / 8),
  'mail addresses': 'a@'.repeat(N / 2),
  'a long local part': `${'a.'.repeat(N / 2)}@`,
  ampersands: '&'.repeat(N),
  headings: '# a\n'.repeat(20_000),
  underlines: 'a\n='.repeat(N / 3),
  'white space': `a${' '.repeat(N)}b`,
  newlines: '\n'.repeat(N),
  rules: '* '.repeat(N / 2),
  backslashes: '\\'.repeat(N),
  dollars: '$'.repeat(N),
  'formulas without an end': '$a '.repeat(N / 3),
  'braces in a formula': `$${'{'.repeat(5000)}$`,
  'macros that double': `$${numbered(60, at => `\\def\\m${'abcdefghijklmnopqrstuvwxyz'.charAt(at % 26)}{x}`)}$`,
  'embeddings without an end': '{{A\n'.repeat(N / 4),
  fences: '```\n'.repeat(N / 4),
  'a line that never ends': 'word '.repeat(N),
};

/** Without the limit some take hours, which the limit of each test would not outlast. */
test.each(Object.entries(HOSTILE))('%s: it is rendered, or ends in a clear error', async (_, source) => {
  const outcome = await rendererOf({ timeoutMs: TIMEOUT_MS })
    .compile(source)
    .catch(error => error);
  if (isKittiwakeError(outcome)) expect(outcome.code).toMatch(/^render_too_(?:large|deep|long)$/);
  else expect(outcome).toMatchObject({ html: expect.any(Array), title: null });
});

test('tables have no more cells than a page can hold, however short their rows are', async () => {
  const narrow = `${'|'.repeat(20)}\n${'|-'.repeat(19)}|\n${'|\n'.repeat(10_000)}`;
  await expect(compiled(narrow)).rejects.toMatchObject({ code: 'render_too_large' });
  const many = '|a|b|\n|-|-|\n|c|d|\n\n';
  expect((await compiled(many.repeat(500))).html[0]).toContain('<td>d</td>');
  await expect(compiled(many.repeat(30_000), { timeoutMs: 60_000 })).rejects.toMatchObject({
    code: 'render_too_large',
  });
});

test('code is coloured as before after pages that were given up', async () => {
  const code = '```rust\nfn main() { let a = "b"; }\n```';
  const expected = await compiled(code);
  for (let times = 0; times < 3; times++) {
    await expect(compiled(`${code}\n\n${'a**b'.repeat(50_000)}`, { timeoutMs: 50 })).rejects.toThrow();
    expect(await compiled(code)).toEqual(expected);
  }
});

test('a text beyond the limit is refused before it is read', async () => {
  await expect(compiled('ä'.repeat(600), { maxBytes: 1024 })).rejects.toMatchObject({
    code: 'render_too_large',
    message: 'Rendering the page: the text with 1200 bytes is larger than the limit of 1024',
  });
  expect((await compiled('ä'.repeat(500), { maxBytes: 1024 })).html).toHaveLength(1);
});

test('what is too deep, too large or too long is named', async () => {
  await expect(compiled(`${'>'.repeat(200)}x`)).rejects.toMatchObject({ code: 'render_too_deep' });
  await expect(compiled('<b>'.repeat(400))).rejects.toMatchObject({ code: 'render_too_deep' });
  const amplified = `[a]: http://x/${'y'.repeat(10_000)}\n\n${'[a] '.repeat(1000)}`;
  await expect(compiled(amplified)).rejects.toMatchObject({ code: 'render_too_large' });
  await expect(compiled('a**b'.repeat(50_000), { timeoutMs: 50 })).rejects.toMatchObject({
    code: 'render_too_long',
  });
});

test('what people nest is rendered', async () => {
  const nested = numbered(30, at => `${'  '.repeat(at)}- a\n${'  '.repeat(at)}  > b`);
  const page = await compiled(`${nested}\n\n${'<div>'.repeat(50)}x${'</div>'.repeat(50)}`);
  expect(page.html.join('')).toContain('x');
});

test('a regular expression that would take years ends at its time', () => {
  const trap = () => /^(?:a+)+$/.test(`${'a'.repeat(60)}!`);
  expect(() => withinTime(50, trap)).toThrow('Rendering the page: not done after 50 ms, the limit');
  expect(withinTime(1000, () => 'done')).toBe('done');
});

test('errors of what is called come through as they are', () => {
  const mine = new TypeError('mine');
  const fails = () => {
    throw mine;
  };
  expect(() => withinTime(1000, fails)).toThrow(mine);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frontmatterBlock, readDocument } from '../../src/wiki/markup/frontmatter.ts';

const SPACE = String.raw`[\t-\r\x1c-\x20\x85\xa0\u3000]*`;
const PATTERN = new RegExp(String.raw`^---${SPACE}\n([\s\S]*?)\n---${SPACE}\n?`);

async function values(yaml: string) {
  return (await readDocument(`---\n${yaml}\n---\n`)).frontmatter;
}

describe('frontmatter', () => {
  it.each([
    ['---\ntitle: A\n---\nBody', { title: 'A' }, 'Body'],
    ['---\r\ntitle: A\r\n---\r\nBody', { title: 'A' }, 'Body'],
    ['--- \t\n\n title: A\n---\n\n\n  Body', { title: 'A' }, 'Body'],
    ['---\ntitle: A\n---foo\nBody', { title: 'A' }, 'foo\nBody'],
    ['---\ntitle: A\n---', { title: 'A' }, ''],
    ['---\ntitle: A\n----\nBody', { title: 'A' }, '-\nBody'],
    ['---\n---\nBody', null, '---\n---\nBody'],
    ['---\n\n---\nBody', null, '---\n\n---\nBody'],
    ['\ufeff---\ntitle: A\n---\n', null, '\ufeff---\ntitle: A\n---\n'],
    [' ---\ntitle: A\n---\n', null, ' ---\ntitle: A\n---\n'],
    ['---title: A\n---\n', null, '---title: A\n---\n'],
    ['---\ntitle: A', null, '---\ntitle: A'],
    ['---\n- list\n---\nBody', null, '---\n- list\n---\nBody'],
    ['---\ntext\n---\nBody', null, '---\ntext\n---\nBody'],
    ['---\na: [\n---\nBody', null, '---\na: [\n---\nBody'],
    ['---\na: 1\n...\nb: 2\n---\nBody', null, '---\na: 1\n...\nb: 2\n---\nBody'],
    ['no frontmatter', null, 'no frontmatter'],
    ['', null, ''],
  ])('of %j is %j', async (content, frontmatter, body) => {
    expect(await readDocument(content)).toEqual({ frontmatter, body });
  });

  it('begins and ends where the contract’s pattern says', () => {
    const part = fc.constantFrom(
      '---',
      '-',
      '\n',
      '\r\n',
      ' ',
      'a',
      '\x1c',
      '\u3000',
      '\ufeff',
      'k: v',
      '\n---',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), parts => {
        const content = `---${parts.join('')}`;
        const match = PATTERN.exec(content);
        const block = frontmatterBlock(content);
        expect(block && [block.yaml, block.bodyStart]).toEqual(
          match ? [match[1], match[0].length] : undefined,
        );
      }),
      { numRuns: 3000 },
    );
  });

  it('is looked for in linear time', () => {
    for (const filler of ['\n', ' ', '\n--', '\n ---']) {
      expect(frontmatterBlock(`---${filler.repeat(1_000_000)}x`)).toBeUndefined();
    }
  });
});

describe('the YAML in it is that of PyYAML’s safe loader:', () => {
  it.each<[string, unknown]>([
    ['yes', true],
    ['No', false],
    ['on', true],
    ['OFF', false],
    ['y', 'y'],
    ['n', 'n'],
    ['tRue', 'tRue'],
    ['~', null],
    ['', null],
    ['NULL', null],
    ['12:30', 750],
    ['12:30:45', 45045],
    ['1:60', '1:60'],
    ['12:30.5', 750.5],
    ['010', 8],
    ['08', '08'],
    ['0o7', '0o7'],
    ['0b11', 3],
    ['0x1F', 31],
    ['1_000', 1000],
    ['-0', 0],
    ['+5', 5],
    ['1e5', '1e5'],
    ['1.5e+3', 1500],
    ['1.', 1],
    ['.5', 0.5],
    ['.', '.'],
    ['-.inf', '-Infinity'],
    ['.nan', 'NaN'],
    ['2026-03-09', 'Mon, 09 Mar 2026 00:00:00 GMT'],
    ['2026-3-9', '2026-3-9'],
    ['2026-02-30', '2026-02-30'],
    ['2026-03-09 10:11:12', 'Mon, 09 Mar 2026 10:11:12 GMT'],
    ['2026-03-09T10:11:12.75+02:00', 'Mon, 09 Mar 2026 08:11:12 GMT'],
    ['2026-3-9 1:02:03 Z', 'Mon, 09 Mar 2026 01:02:03 GMT'],
    ['2026-03-09 10:11:12 -5', 'Mon, 09 Mar 2026 15:11:12 GMT'],
    ['"yes"', 'yes'],
    ["'12:30'", '12:30'],
    ['!!str 5', '5'],
    ['!!int "7"', 7],
    ['!!float 1', 1],
    ['!!bool yes', true],
    ['!!null x', null],
    ['!!binary aGk=', 'aGk='],
    ['[a, [1, yes]]', ['a', [1, true]]],
    ['{a: 1, 2: b}', { a: 1, 2: 'b' }],
    ['!!set {a, b}', ['a', 'b']],
    [
      '!!omap [a: 1, b: 2]',
      [
        ['a', 1],
        ['b', 2],
      ],
    ],
    ['|\n  block\n  text', 'block\ntext'],
    ['a #c', 'a'],
    ['a#c', 'a#c'],
    ['[[Link]]', [['Link']]],
  ])('%j is %j', async (text, value) => {
    expect(await values(`k: ${text}`)).toEqual({ k: value });
  });

  it.each([
    'k: !foo bar',
    'k: !!python/name:os.system x',
    'k: a: b',
    'k: @x',
    'k: *unknown',
    'k: =',
    '[a]: b',
    'k: <<',
    '<<: 1',
    '- a',
  ])('%j is none', async yaml => {
    expect(await values(yaml)).toBeNull();
  });

  it('takes the last of equal keys', async () => {
    expect(await values('a: 1\na: 2')).toEqual({ a: 2 });
  });

  it('merges what << names, own keys first', async () => {
    expect(await values('base: &b {x: 1, y: 2}\nuse: {<<: *b, y: 3}\nboth: {<<: [{y: 9}, *b]}')).toEqual({
      base: { x: 1, y: 2 },
      use: { x: 1, y: 3 },
      both: { y: 9, x: 1 },
    });
  });

  it('follows anchors', async () => {
    expect(await values('a: &x [1]\nb: *x')).toEqual({ a: [1], b: [1] });
    expect(await values('a: &x 1\nb: *x\nc: &x 2\nd: *x')).toEqual({ a: 1, b: 1, c: 2, d: 2 });
    expect(await values('a: *x\nb: &x 1')).toBeNull();
  });

  it('of very many aliases each is found at once', async () => {
    const block = (count: number) => values(`a: &x 1\nb: [${'*x,'.repeat(count)}]`);
    expect(await block(4_000)).toEqual({ a: 1, b: Array(4_000).fill(1) });
    // More than a frontmatter may have; with a walk through the document for each, these would take a minute.
    for (let n = 0; n < 10; n += 1) expect(await block(20_000)).toBeNull();
  });

  it('keeps a key that is special to JavaScript as a key', async () => {
    const frontmatter = await values('__proto__: {title: X}\nconstructor: y');
    expect(Object.keys(frontmatter ?? {})).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(frontmatter)).toBe(Object.prototype);
  });

  it('makes text of keys of every type', async () => {
    expect(await values('yes: a\n12: b\n2026-01-02: c\n~: d')).toEqual({
      true: 'a',
      12: 'b',
      'Fri, 02 Jan 2026 00:00:00 GMT': 'c',
      null: 'd',
    });
  });

  it('gives up on bombs, on loops, and on what is too deep or too long', async () => {
    const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let i = 1; i < 10; i++) bomb.push(`a${i}: &a${i} [${`*a${i - 1},`.repeat(10)}]`);
    expect(await values(bomb.join('\n'))).toBeNull();
    expect(await values('a: &a [*a]')).toBeNull();
    expect(await values('a: &a {<<: *a}')).toBeNull();
    expect(await values(`a: ${'['.repeat(100)}${']'.repeat(100)}`)).toBeNull();
    expect(await values(`a: ${'['.repeat(30_000)}${']'.repeat(30_000)}`)).toBeNull();
    expect(await values(`a: ${'{'.repeat(60_000)}`)).toBeNull();
    expect(await values(`a: ${'x'.repeat(70_000)}`)).toBeNull();
    expect(await values(`a: ${'x'.repeat(50_000)}`)).toEqual({ a: 'x'.repeat(50_000) });
  });
});

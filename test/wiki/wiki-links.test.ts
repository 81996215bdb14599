import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findWikiLinks, linkKeys, linksOnTheLeft } from '../../src/wiki/markup/wiki-links.ts';

const PATTERN = /\[\[([^\]|]+?)(?:\|([^\]]+?))?\]\]/g;
const defaults = { retainPageNameCase: false, wikilinkStyle: '' };

describe('wiki links', () => {
  it('are found exactly where the contract’s pattern finds them', () => {
    const part = fc.constantFrom('[', '[[', ']', ']]', '|', 'a', ' ', '\n', '#', '/');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), parts => {
        const text = parts.join('');
        const expected = [...text.matchAll(PATTERN)].map(match => ({
          start: match.index,
          end: match.index + match[0].length,
          left: match[1],
          right: match[2],
        }));
        expect(findWikiLinks(text)).toEqual(expected);
      }),
      { numRuns: 5000 },
    );
  });

  it('are found in linear time', () => {
    for (const text of [
      '['.repeat(1_000_000),
      `${'['.repeat(1_000_000)}|]]`,
      '[[a'.repeat(500_000),
      '[[a|'.repeat(500_000),
    ]) {
      expect(findWikiLinks(text)).toHaveLength(0);
    }
    expect(findWikiLinks(`${'['.repeat(1_000_000)}x]]`)).toHaveLength(1);
    expect(findWikiLinks('[[a]]'.repeat(100_000))).toHaveLength(100_000);
  });

  it.each([
    ['[[Page]]', ['page']],
    ['[[Text|Page]]', ['page']],
    ['[[A|B|C]]', ['b|c']],
    ['[[Page#Anchor]]', ['page']],
    ['[[#Anchor]]', []],
    ['[[ /Page ]]', ['page']],
    ['[[//Page]]', ['/page']],
    ['[[/]]', []],
    ['[[Page #a]]', ['page ']],
    ['[[../Rel]]', ['../rel']],
    ['[[Page.md]]', ['page.md']],
    ['[[a//b]]', ['a//b']],
    ['[[A%20B]]', ['a%20b']],
    ['`[[InCode]]`', ['incode']],
    ['```\n[[InFence]]\n```', ['infence']],
    ['[[over\nlines]]', ['over\nlines']],
    ['[[ÜBER|Straße]] [[İ]]', ['i̇', 'straße']],
    ['[[b]] [[a]] [[B]]', ['a', 'b']],
    ['[[a]b]] [[]] [[|x]] [[x|]]', []],
    ['[[\ufffd]] [[😀]]', ['\ufffd', '😀']],
  ])('of %j lead to %j', (text, keys) => {
    expect(linkKeys(text, defaults)).toEqual(keys);
  });

  it('keep their case where the settings retain it', () => {
    expect(linkKeys('[[Page]] [[page]]', { ...defaults, retainPageNameCase: true })).toEqual([
      'Page',
      'page',
    ]);
  });

  it.each([
    ['', false],
    ['LINKTITLE', true],
    ['link_title', true],
    ['PAGE_NAME_TITLE', true],
    ['PageNameTitle', true],
    ['TITLELINK', false],
  ])('with style %j have the page on the left: %s', (wikilinkStyle, left) => {
    const settings = { ...defaults, wikilinkStyle };
    expect(linksOnTheLeft(settings)).toBe(left);
    expect(linkKeys('[[a|b]]', settings)).toEqual([left ? 'a' : 'b']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayName, displayPath, literalPageFile, pageFile } from '../../src/wiki/name/page-path.ts';

const lower = { retainPageNameCase: false };
const retain = { retainPageNameCase: true };

describe('the file of a page', () => {
  it.each([
    ['Home', 'home.md', 'Home.md'],
    ['hOme', 'home.md', 'hOme.md'],
    ['Home.md', 'home.md', 'Home.md'],
    ['HOME.MD', 'home.md', 'HOME.MD.md'],
    ['a//b/', 'a/b.md', 'a/b.md'],
    ['/a/b', 'a/b.md', 'a/b.md'],
    ['Übung/Straße', 'übung/straße.md', 'Übung/Straße.md'],
    ['a b', 'a b.md', 'a b.md'],
    [' a / b ', ' a / b .md', ' a / b .md'],
    ['Sub.Page', 'sub.page.md', 'Sub.Page.md'],
    ['-x', '-x.md', '-x.md'],
    ['a?|$.!#b', 'a?|$.!#b.md', 'a?|$.!#b.md'],
    ['100%', '100%.md', '100%.md'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς.md', 'ΟΔΥΣΣΕΥΣ.md'],
    ['İstanbul', 'i̇stanbul.md', 'İstanbul.md'],
    ['a.md/b', 'a.md/b.md', 'a.md/b.md'],
    ['a/b.md/', 'a/b.md', 'a/b.md'],
    ['noop/history', 'noop/history.md', 'noop/history.md'],
  ])('of %j is %j, or %j when case is retained', (request, folded, kept) => {
    expect(pageFile(request, lower)).toBe(folded);
    expect(pageFile(request, retain)).toBe(kept);
  });

  it('keeps the case of a legacy name', () => {
    expect(literalPageFile('/Foo//Bar')).toBe('Foo/Bar.md');
  });

  it('keeps composed and decomposed letters apart', () => {
    expect(pageFile('\u00e9', lower)).not.toBe(pageFile('e\u0301', lower));
  });

  it.each([
    ['', 'empty'],
    ['/', 'empty'],
    ['.md', 'empty'],
    ['a/.md', 'empty'],
    [' ', 'nothing but spaces'],
    ['\u3000\u00a0', 'nothing but spaces'],
    ['a/ ', 'nothing but spaces'],
    [' /a', 'nothing but spaces'],
    [' .md', 'nothing but spaces'],
    ['.', '"."'],
    ['..', '".."'],
    ['...md', '".."'],
    ['..md', '"."'],
    ['a/../b', '".."'],
    ['../evil', '".."'],
    ['a/./b', '"."'],
    ['a\\b', 'backslash'],
    ['.git', '.git'],
    ['.git/config2', '.git'],
    ['a/.GIT/hooks/x', '.git'],
    ['.Git.md', '.git'],
    ['git~1/x', '.git'],
    ['GIT~1', '.git'],
    ['.git./x', '.git'],
    ['.git ./x', '.git'],
    ['.git::$INDEX_ALLOCATION/x', '.git'],
    ['.git:x/y', '.git'],
    ['a\\.git\\x', 'backslash'],
    ['.g\u200cit/x', '.git'],
    ['.gi\ufefft', '.git'],
    ['\u202e.git/x', '.git'],
    ['a\0b', 'control'],
    ['a\nb', 'control'],
    ['a\x7f', 'control'],
    ['a\x85', 'control'],
    ['a\ud800', 'Unicode'],
    ['\udc00', 'Unicode'],
    ['x'.repeat(253), '255 bytes'],
    [`${'é'.repeat(128)}/a`, '255 bytes'],
    ['a/'.repeat(1200), '2048 bytes'],
  ])('is refused for %j: %s', (request, reason) => {
    for (const naming of [lower, retain]) {
      expect(() => pageFile(request, naming)).toThrow(
        expect.objectContaining({ code: 'path_invalid', message: expect.stringContaining(reason) }),
      );
    }
  });

  it.each(['.github', '.gitignore', 'git', 'git~', '.git2', '...', 'a..b', 'x'.repeat(252), '….git'])(
    'is allowed for %j',
    request => {
      expect(pageFile(request, retain)).toBe(`${request}.md`);
    },
  );

  it('is stable: the file, asked for again, is itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), request => {
        let file: string;
        try {
          file = pageFile(request, lower);
        } catch {
          return;
        }
        expect(pageFile(file, lower)).toBe(file);
        expect(file).not.toMatch(/\/\/|^\/|\0/);
        expect(file.split('/')).not.toContain('..');
      }),
    );
  });
});

describe('the display path', () => {
  it.each([
    ['test-page.md', 'Test-Page'],
    ['c3po.md', 'C3Po'],
    ['2nd item.md', '2Nd Item'],
    ['foo_bar-baz.md', 'Foo_Bar-Baz'],
    ["o'neil's page.md", "O'neil's Page"],
    ["'tis.md", "'tis"],
    ['straße.md', 'Straße'],
    ['ß.md', 'ß'],
    ['ﬁle.md', 'File'],
    ['ABC def.md', 'ABC def'],
    ['iran (islamic republic).md', 'Iran (Islamic Republic)'],
    ['actors/iran (islamic republic).md', 'Actors/Iran (Islamic Republic)'],
    ['Docs/intro.md', 'Docs/Intro'],
    ['a.b.md', 'A.B'],
    ['x.md.md', 'X.Md'],
    ['x.MD', 'x.MD'],
    ['docs/', 'Docs'],
    ['ǆabc.md', 'ǅabc'],
    ['ŉa.md', 'ʼNa'],
    ['ᾳb ᾳ.md', 'ᾼb ᾼ'],
    ['ᾀ.md', 'ᾈ'],
    ['აბ.md', 'აბ'],
    ['όδος.md', 'Όδος'],
    ['日本語a.md', '日本語A'],
    ['ⓐbc.md', 'Ⓐbc'],
    ['’tis o’neil.md', '’Tis O’Neil'],
  ])('of %j is %j', (file, shown) => {
    expect(displayPath(file, lower)).toBe(shown);
  });

  it('is the stem when case is retained', () => {
    expect(displayPath('docs/intro page.md', retain)).toBe('docs/intro page');
  });

  it('leads back to its file', () => {
    const part = fc.string({ unit: fc.constantFrom(...'abz09 _-.ßéﬁǆاД日'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), parts => {
        let file: string;
        try {
          file = pageFile(parts.join('/'), lower);
        } catch {
          return;
        }
        if (file.includes('ﬁ')) return; // shown as two letters
        expect(pageFile(displayPath(file, lower), lower)).toBe(file);
      }),
    );
  });

  it('ends with the name', () => {
    expect(displayName('docs/the intro.md', lower)).toBe('The Intro');
  });
});

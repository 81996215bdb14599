import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSafePath } from '../../src/git/object/paths.ts';
import { type PlanOptions, planFolder } from '../../src/import/folder-plan.ts';

const defaults: PlanOptions = {
  retainPageNameCase: false,
  attachments: 'beside',
  maxFileBytes: 1000,
  into: '',
};

function plan(paths: readonly string[], options: Partial<PlanOptions> = {}) {
  const walked = paths.map(path => ({ kind: 'file' as const, path, absolute: `/${path}`, bytes: 10 }));
  const { files, left } = planFolder(walked, { ...defaults, ...options });
  return {
    files: Object.fromEntries(files.map(file => [file.source, file.target])),
    left: Object.fromEntries(left.map(({ path, reason }) => [path, reason])),
  };
}

describe('planning an import of a folder', () => {
  it('names pages as the API does', () => {
    expect(plan(['Docs/Intro.md', 'README.MD', 'Notes.markdown', 'Über uns.md']).files).toEqual({
      'Docs/Intro.md': 'docs/intro.md',
      'README.MD': 'readme.md',
      'Notes.markdown': 'notes.md',
      'Über uns.md': 'über uns.md',
    });
  });

  it('keeps the case where the wiki does', () => {
    expect(plan(['Docs/Intro.md'], { retainPageNameCase: true }).files).toEqual({
      'Docs/Intro.md': 'Docs/Intro.md',
    });
  });

  it('puts everything under a folder when asked', () => {
    expect(plan(['A.md', 'B.png'], { into: 'Old/Wiki' }).files).toEqual({
      'A.md': 'old/wiki/a.md',
      'B.png': 'old/wiki/B.png',
    });
  });

  it('takes files beside a page and in its own folder, and media below', () => {
    const { files, left } = plan([
      'docs/Intro.md',
      'docs/data.csv',
      'docs/Intro/My Picture.PNG',
      'docs/intro/notes.txt',
      'docs/images/deep/a.svg',
      'docs/lib/code.js',
      'other/b.png',
    ]);
    expect(files).toEqual({
      'docs/Intro.md': 'docs/intro.md',
      'docs/data.csv': 'docs/data.csv',
      'docs/Intro/My Picture.PNG': 'docs/intro/My Picture.PNG',
      'docs/intro/notes.txt': 'docs/intro/notes.txt',
      'docs/images/deep/a.svg': 'docs/images/deep/a.svg',
    });
    expect(left).toEqual({ 'docs/lib/code.js': 'not beside a page', 'other/b.png': 'not beside a page' });
  });

  it('takes all files or none of them when asked', () => {
    expect(Object.keys(plan(['x/y.bin'], { attachments: 'all' }).files)).toEqual(['x/y.bin']);
    expect(plan(['a.md', 'a.png'], { attachments: 'none' }).left).toEqual({ 'a.png': 'not a page' });
  });

  it('reports two files that would become one, and keeps the first', () => {
    const { files, left } = plan(['Foo.md', 'foo.MD', 'foo.markdown']);
    expect(files).toEqual({ 'Foo.md': 'foo.md' });
    expect(left['foo.MD']).toBe('would be the same file as "Foo.md"');
    expect(left['foo.markdown']).toBe('would be the same file as "Foo.md"');
  });

  it('reports a file where a folder is needed, whichever comes first', () => {
    expect(plan(['a.md', 'a.md/b.md']).left['a.md/b.md']).toBe('needs a folder where "a.md" is a file');
    expect(plan(['a.md/b.md', 'A.md']).left['A.md']).toBe('is a folder in "a.md/b.md"');
  });

  it('reports names that no wiki can hold and files that are too large', () => {
    const { files, left } = plan(['ok.md', 'bad\u0001.md', '.git ./x.md', '.md']);
    expect(files).toEqual({ 'ok.md': 'ok.md' });
    expect(Object.keys(left).sort()).toEqual(['.git ./x.md', '.md', 'bad\u0001.md']);
    expect(plan(['a.md'], { maxFileBytes: 9 }).left['a.md']).toBe('too large: 10 bytes, the limit is 9');
  });

  it('never loses a file unsaid and never gives one path away twice or unsafely', () => {
    const name = fc.string({
      unit: fc.constantFrom(...'aAbB.~: \\éß日', '.md', '.MD', '.git'),
      minLength: 1,
      maxLength: 6,
    });
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map(parts => parts.join('/'));
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 12 }), fc.boolean(), (paths, retainPageNameCase) => {
        const walked = paths.map(each => ({ kind: 'file' as const, path: each, absolute: each, bytes: 1 }));
        const { files, left } = planFolder(walked, { ...defaults, retainPageNameCase, attachments: 'all' });
        expect([...files.map(file => file.source), ...left.map(each => each.path)].sort()).toEqual(
          [...paths].sort(),
        );
        const targets = files.map(file => file.target);
        expect(new Set(targets).size).toBe(targets.length);
        for (const target of targets) {
          expect(isSafePath(target)).toBe(true);
          expect(targets.some(other => other.startsWith(`${target}/`))).toBe(false);
        }
      }),
    );
  });
});

import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { kittiwake, ROOT, startKittiwake, temporaryFolder } from '../support/cli.ts';
import { nativeGit } from '../support/native-git.ts';
import { needs } from '../support/needs.ts';
import { realWiki } from '../support/real-wiki.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Runs a command that must succeed. */
async function run(...args: string[]): Promise<string> {
  const { code, out, err } = await kittiwake(args, { cwd: folder.path() });
  expect({ args, code, err: code === 0 ? '' : err }).toEqual({ args, code: 0, err: '' });
  return out;
}

/** The README files of the packages that this repository is built with: real pages with odd names, tables and code. */
function copyReadmes(target: string): string[] {
  const files = globSync('node_modules/**/[Rr][Ee][Aa][Dd]*.md', { cwd: ROOT });
  for (const file of files) {
    const to = join(target, file.slice('node_modules/'.length).replaceAll('/node_modules/', '/nested/'));
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(ROOT, file), to, { dereference: true });
  }
  return files;
}

describe('real input, through the command line', () => {
  it('brings in a few hundred READMEs, gives them back byte for byte, and stays sound', async () => {
    const source = folder.path('readmes');
    const count = copyReadmes(source).length;
    expect(count).toBeGreaterThan(100);
    expect(await run('import', source, '--data', 'wiki')).toMatch(
      new RegExp(`Imported ${count} pages, 0 other files, 1 commit`),
    );
    expect(await run('import', source, '--data', 'wiki')).toContain('Nothing new');
    expect(await run('doctor', '--data', 'wiki')).toMatch(/1 commits, \d+ files.*\nSound\n$/);
    await run('export', 'files', '--data', 'wiki');
    const pages = globSync('**/*.md', { cwd: source });
    for (const page of pages) {
      expect(
        readFileSync(folder.path('files', page.toLowerCase())).equals(readFileSync(join(source, page))),
      ).toBe(true);
    }
    await run('import', folder.path('files'), '--data', 'wiki', '--into', 'Copy');
    expect(await run('flush', '--data', 'wiki')).toContain('Nothing to flush');
    expect(await run('gc', '--data', 'wiki')).toContain('0 deleted');
    expect(await run('doctor', '--data', 'wiki')).toContain('Sound');
    expect(existsSync(folder.path('wiki', 'api-key'))).toBe(false);
  });

  it('gives a real wiki back as native git knows it, through a bare repository', async ctx => {
    needs(ctx, 'git');
    const bundle = realWiki(ctx);
    expect(await run('import', bundle, '--data', 'otter')).toContain('108 commits');
    await run('export', 'otter.git', '--data', 'otter');
    nativeGit(folder.path(), 'clone', '--quiet', bundle, 'otter-there');
    nativeGit(folder.path(), 'clone', '--quiet', 'otter.git', 'otter-here');
    const log = (name: string) => nativeGit(folder.path(name), 'log', '-p', '--format=raw');
    expect(log('otter-here')).toBe(log('otter-there'));
    expect(nativeGit(folder.path('otter.git'), 'fsck', '--full', '--strict')).toBe('');
    await run('export', 'otter-files', '--data', 'otter');
    const files = (name: string) =>
      nativeGit(
        folder.path(),
        'hash-object',
        '--no-filters',
        ...globSync(`${name}/**/*.*`, { cwd: folder.path() }).sort(),
      );
    expect(files('otter-files')).toBe(files('otter-there'));
    expect(await run('import', folder.path('otter.git'), '--data', 'otter')).toContain('Nothing new');
  });

  it('lists what it leaves out, with the reason', async () => {
    for (const [path, text] of Object.entries({
      'a.md': 'a',
      'A.markdown': 'b',
      '.hidden.md': 'c',
      'x/y.bin': 'd',
    })) {
      mkdirSync(dirname(folder.path('odd', path)), { recursive: true });
      writeFileSync(folder.path('odd', path), text);
    }
    const { code, err } = await kittiwake(['import', folder.path('odd'), '--data', folder.path('odd-wiki')]);
    expect(code).toBe(0);
    expect(err.split('\n').sort()).toEqual([
      '',
      expect.stringMatching(
        /^failed: odd, row 2, "a\.md": Writing "a\.md" fails: .* row 1 of "odd", "A\.markdown" \(path_duplicate\)$/,
      ),
      'left out: 1 file or folder (hidden)',
      'left out: 1 file or folder (not beside a page)',
    ]);
  });

  it('never writes over what exists', async () => {
    mkdirSync(folder.path('full'));
    writeFileSync(folder.path('full', 'mine.txt'), 'mine');
    writeFileSync(folder.path('file'), 'mine');
    await run('wiki', 'create', '--data', 'w');
    for (const target of ['full', 'file']) {
      const { code, err } = await kittiwake(['export', target, '--data', 'w'], { cwd: folder.path() });
      expect(code).toBe(1);
      expect(err).toMatch(/\(target_not_empty\)\n$/);
    }
    expect(readdirSync(folder.path('full'))).toEqual(['mine.txt']);
    const absent = await kittiwake(['import', 'absent', '--data', 'w'], { cwd: folder.path() });
    expect(absent.err).toBe('error: Cannot import "absent": it does not exist (source_missing)\n');
  });

  it('changes nothing, or everything, when an import is stopped by Ctrl-C', async () => {
    const source = folder.path('many');
    for (let index = 0; index < 1_000; index += 1) {
      mkdirSync(join(source, String(index % 50)), { recursive: true });
      writeFileSync(join(source, String(index % 50), `${index}.md`), `# Page ${index}\n\n[[${index + 1}]]\n`);
    }
    for (const [attempt, delayMs] of [150, 400, 700, 1_200].entries()) {
      const data = folder.path(`stopped-${attempt}`);
      const running = startKittiwake(['import', source, '--data', data]);
      await new Promise(done => setTimeout(done, delayMs));
      running.child.kill('SIGINT');
      const { code, out, err } = await running.finished;
      if (code === 0) expect(out).toContain('Imported 1000 pages');
      else if (code === 130) expect(err).toMatch(/(^|\n)error: Stopped \(stopped\)\n$/);
      // Before Node listens to signals, and when it no longer does, the process just ends.
      else expect(code).toBeNull();
      const isDone = out.includes('Imported 1000 pages');
      if (!existsSync(join(data, 'wikis'))) continue;
      const doctor = await kittiwake(['doctor', '--data', data]);
      expect(doctor.out).toMatch(isDone ? /1000 files/ : / 0 files|^$/);
      if (doctor.code !== 0) expect(doctor.err).toMatch(/wiki_absent/);
      expect((await kittiwake(['import', source, '--data', data])).code).toBe(0);
      expect((await kittiwake(['doctor', '--data', data])).out).toMatch(/1000 files[\s\S]*Sound\n$/);
    }
  }, 60_000);
});

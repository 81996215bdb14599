import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { examine } from '../../../src/git/doctor/doctor.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { importHistory } from '../../../src/import/git/import-history.ts';
import { findSource } from '../../../src/import/import-source.ts';
import { nativeGit } from '../../support/native-git.ts';
import { needs } from '../../support/needs.ts';
import { realWiki } from '../../support/real-wiki.ts';
import { commitFiles, exportTo, newRepository } from '../../support/repository.ts';

let root = '';
let work = '';
/** Made once, by the first test that needs it: a hundred calls of git. */
let template = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kittiwake-history-'));
  work = join(root, 'work');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));
afterAll(() => rmSync(template, { recursive: true, force: true }));

const git = (...args: string[]) => nativeGit(work, ...args);

function put(path: string, text: string): void {
  mkdirSync(dirname(join(work, path)), { recursive: true });
  writeFileSync(join(work, path), text);
}

function commit(message: string): void {
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', message);
}

/** A repository with folders, renames, a merge, tags, a branch that was not merged, and packed and loose objects. */
function makeRepository(ctx: TestContext): void {
  needs(ctx, 'git');
  if (template === '') {
    mkdirSync(work);
    fillRepository();
    template = mkdtempSync(join(tmpdir(), 'kittiwake-template-'));
    cpSync(work, template, { recursive: true });
  } else cpSync(template, work, { recursive: true });
}

function fillRepository(): void {
  nativeGit(work, 'init', '--quiet', '--initial-branch', 'trunk');
  const lines = Array.from({ length: 200 }, (_, index) => `line ${index}`);
  for (let edit = 0; edit < 30; edit += 1) {
    lines[edit * 3] = `edited ${edit}`;
    put('docs/long.md', lines.join('\n'));
    put(`pages/${edit}.md`, `page ${edit}`);
    commit(`Edit ${edit}`);
  }
  git('tag', 'light');
  git('repack', '-adq');
  git('checkout', '--quiet', '-b', 'side');
  put('side.md', 'side');
  commit('Side');
  git('checkout', '--quiet', 'trunk');
  git('mv', 'docs/long.md', 'docs/renamed.md');
  put('docs/renamed/picture.png', 'png');
  commit('Rename');
  git('merge', '--quiet', '--no-edit', 'side');
  git('tag', '--annotate', '--message', 'One', 'v1');
  git('checkout', '--quiet', '-b', 'draft');
  put('draft.md', 'draft');
  commit('Draft');
  git('checkout', '--quiet', 'trunk');
  put('Home.md', 'loose');
  commit('Ünicode\n\nwith a body');
}

async function bringIn(path: string, repository: LedgerRepository, branch?: string) {
  const source = await findSource(path, false);
  if (source.kind === 'folder') throw new Error('a repository was expected');
  const progress = { phase: () => undefined, advance: () => undefined };
  return await importHistory({ source, repository, branch, retainPageNameCase: false, progress });
}

/** Exports and asks native git: sound, and the log of `ref` as there. */
async function expectSame(repository: LedgerRepository, ref: string, theirs = work): Promise<void> {
  const out = join(root, 'out.git');
  rmSync(out, { recursive: true, force: true });
  await exportTo(repository, out);
  expect(nativeGit(out, 'fsck', '--full', '--strict')).toBe('');
  const log = ['log', '-p', '--format=raw', '--date=raw'];
  expect(nativeGit(out, ...log, 'main')).toBe(nativeGit(theirs, ...log, ref));
  expect((await examine(repository)).findings.filter(finding => finding.severity === 'error')).toEqual([]);
}

describe('importing a git repository', () => {
  it('keeps every commit of the branch, id for id, and its tags', async ctx => {
    makeRepository(ctx);
    const repository = await newRepository();
    const report = await bringIn(work, repository);
    expect(report).toMatchObject({
      commits: 34,
      pages: 33,
      attachments: 1,
      head: git('rev-parse', 'trunk').trim(),
    });
    expect(report.notes).toEqual([
      'branch trunk is the wiki now',
      'other branches stayed out: draft',
      expect.stringContaining('1 pages have upper case'),
    ]);
    await expectSame(repository, 'trunk');
    const tags = nativeGit(join(root, 'out.git'), 'show-ref', '--tags');
    expect(tags).toBe(git('show-ref', '--tags'));
  });

  it('reads a bare repository, a linked worktree, borrowed objects and a bundle alike', async ctx => {
    makeRepository(ctx);
    git('clone', '--quiet', '--bare', work, join(root, 'bare.git'));
    git('clone', '--quiet', '--shared', work, join(root, 'shared'));
    git('worktree', 'add', '--quiet', join(root, 'tree'), 'draft');
    git('bundle', 'create', join(root, 'all.bundle'), '--all');
    git('pack-refs', '--all');
    const trunk = git('rev-parse', 'trunk').trim();
    const draft = git('rev-parse', 'draft').trim();
    const heads = { 'bare.git': trunk, shared: trunk, tree: draft, 'all.bundle': trunk };
    for (const [name, head] of Object.entries(heads)) {
      const repository = await newRepository();
      expect([name, (await bringIn(join(root, name), repository)).head]).toEqual([name, head]);
    }
  });

  it('takes the branch that is asked for', async ctx => {
    makeRepository(ctx);
    const repository = await newRepository();
    await bringIn(work, repository, 'draft');
    await expectSame(repository, 'draft');
    await expect(bringIn(work, await newRepository(), 'absent')).rejects.toThrow(/it has .*draft/);
  });

  it('brings in later commits, and says when there are none', async ctx => {
    makeRepository(ctx);
    const repository = await newRepository();
    await bringIn(work, repository);
    expect(await bringIn(work, repository)).toMatchObject({ commits: 0, head: undefined, notes: [] });
    git('merge', '--quiet', '--no-edit', 'draft');
    put('late.md', 'late');
    commit('Late');
    expect(await bringIn(work, repository)).toMatchObject({ commits: 3 });
    await expectSame(repository, 'trunk');
  });

  it('refuses a history that the wiki is no part of, and changes nothing', async ctx => {
    makeRepository(ctx);
    const repository = await newRepository();
    const head = await commitFiles(repository, { 'a.md': 'a' });
    await expect(bringIn(work, repository)).rejects.toMatchObject({ code: 'wiki_not_empty' });
    expect((await repository.view()).head).toBe(head);
  });

  it('goes on with pages that were written here, after the import', async ctx => {
    makeRepository(ctx);
    const repository = await newRepository();
    const before = (await bringIn(work, repository)).head;
    const after = await commitFiles(repository, { 'docs/renamed.md': 'changed', 'pages/3.md': null });
    const view = await repository.view();
    expect((await view.commit(after))?.parents).toEqual([before]);
    expect((await view.file('pages/4.md'))?.commit).toBe(
      git('log', '-1', '--format=%H', '--', 'pages/4.md').trim(),
    );
    await exportTo(repository, join(root, 'next.git'));
    expect(nativeGit(join(root, 'next.git'), 'fsck', '--full', '--strict')).toBe('');
    expect(nativeGit(join(root, 'next.git'), 'show', '--name-status', '--format=', 'main')).toBe(
      'M\tdocs/renamed.md\nD\tpages/3.md\n',
    );
  });

  it('refuses what it cannot take whole: shallow, SHA-256 and empty repositories', async ctx => {
    makeRepository(ctx);
    git('clone', '--quiet', '--depth', '1', `file://${work}`, join(root, 'shallow'));
    nativeGit(root, 'init', '--quiet', '--object-format=sha256', 'sha256');
    nativeGit(root, 'init', '--quiet', 'empty');
    const repository = await newRepository();
    await expect(bringIn(join(root, 'shallow'), repository)).rejects.toThrow(/unshallow/);
    await expect(bringIn(join(root, 'sha256'), repository)).rejects.toThrow(/SHA-256/);
    await expect(bringIn(join(root, 'empty'), repository)).rejects.toMatchObject({
      code: 'nothing_to_import',
    });
    expect((await repository.view()).head).toBeUndefined();
  });

  it('refuses a repository with a damaged object, packed or loose', async ctx => {
    makeRepository(ctx);
    const blob = git('rev-parse', 'trunk:Home.md').trim();
    const file = join(work, '.git/objects', blob.slice(0, 2), blob.slice(2));
    rmSync(file);
    await expect(bringIn(work, await newRepository())).rejects.toThrow(/"Home.md", is missing/);
    writeFileSync(file, 'garbage');
    await expect(bringIn(work, await newRepository())).rejects.toMatchObject({ code: 'source_corrupt' });
  });

  it('keeps a real wiki as it is', async ctx => {
    needs(ctx, 'git');
    const bundle = realWiki(ctx);
    nativeGit(root, 'clone', '--quiet', bundle, 'work');
    const repository = await newRepository();
    expect(await bringIn(bundle, repository)).toMatchObject({ commits: 108, pages: 17, attachments: 12 });
    await expectSame(repository, 'HEAD');
  });
});

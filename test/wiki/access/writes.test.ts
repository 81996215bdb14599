import { describe, expect, it } from 'vitest';
import { storedPolicy } from '../../../src/auth/policy/parse-policy.ts';
import { EMPTY_POLICY } from '../../../src/auth/policy/policy.ts';
import { systemRuntime } from '../../../src/core/runtime.ts';
import { openRepository } from '../../../src/git/open.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { createWiki } from '../../../src/wiki/create-wiki.ts';
import type { Wiki } from '../../../src/wiki/wiki.ts';
import { caller } from '../../auth/policy/policy-support.ts';
import { newRepository } from '../../support/repository.ts';
import { accessOf, type RuledWiki, refusal, ruledWiki } from './access-support.ts';

/** Everybody may read and write but: below `secret` nothing is for all, below `fixed` nobody writes. */
async function guardedWiki(): Promise<RuledWiki> {
  const made = await ruledWiki({
    rules: [
      { path: 'secret', read: ['group:staff'] },
      { path: 'fixed', write: [] },
    ],
  });
  await made.commit({
    'open.md': 'open',
    'open/pic.png': 'picture',
    'fixed.md': 'fixed one two',
    'fixed/pic.png': 'picture',
    'secret/plan.md': 'plan one two',
    'secret/plan/pic.png': 'picture',
  });
  return made;
}

const WRITES: Record<string, (wiki: Wiki, path: string, revision: string) => Promise<unknown>> = {
  put: (wiki, path, revision) => wiki.putPage({ path, content: 'x', revision }),
  'put without a revision': (wiki, path) => wiki.putPage({ path, content: 'x' }),
  patch: (wiki, path, revision) => wiki.patchPage({ path, oldString: 'one', newString: 'x', revision }),
  delete: (wiki, path) => wiki.deletePage({ path }),
  'delete with a stale condition': (wiki, path) => wiki.deletePage({ path, ifMatch: '"none"' }),
  rename: (wiki, path) => wiki.renamePage({ path, newPath: 'elsewhere' }),
  'rename to': (wiki, path) => wiki.renamePage({ path: 'open', newPath: path }),
  restore: (wiki, path, revision) => wiki.restorePage({ path, to: revision }),
  attach: (wiki, path) => wiki.putAttachment({ path, filename: 'new.png', content: 'eA==' }),
  'replace attachment': (wiki, path) => wiki.putAttachment({ path, filename: 'pic.png', content: 'eA==' }),
  'delete attachment': (wiki, path) => wiki.deleteAttachment({ path, filename: 'pic.png' }),
  'prepare upload': (wiki, path) =>
    wiki.prepareUpload({ path, filename: 'new.png', size: 1, sha256: 'a'.repeat(64) }),
  'commit upload': (wiki, path) => wiki.commitUpload({ path, filename: 'new.png', upload: 'none' }),
  'attach stream': (wiki, path) =>
    wiki.attachStream({ path, filename: 'new.png', size: 1, content: oneByte() }),
  batch: (wiki, path, revision) =>
    wiki.batch([
      { op: 'put', path: 'new', content: 'x' },
      { op: 'put', path, content: 'x', revision },
    ]),
};

async function* oneByte(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('x');
}

describe('a write that the caller may not make', () => {
  for (const [name, call] of Object.entries(WRITES)) {
    it(`is refused by the path alone: ${name}`, async () => {
      const { as, repository } = await guardedWiki();
      const head = (await repository.view()).head ?? '';
      const errors = [];
      for (const path of ['secret/plan', 'secret/none', 'fixed', 'fixed/none'])
        errors.push(await refusal(call(as(), path, head)));
      expect(errors.map(({ code }) => code)).toEqual(Array(4).fill('forbidden'));
      const [hidden, absent, fixed] = errors;
      expect(hidden?.message).toBe(absent?.message);
      expect(hidden?.message).not.toMatch(/plan/i);
      expect(hidden?.data).not.toHaveProperty('pages');
      expect(fixed?.data.pages).toBeDefined();
      expect((await repository.view()).head).toBe(head);
    });

    it(`is refused when it is only tried out: ${name}`, async () => {
      const { as, repository } = await guardedWiki();
      const head = (await repository.view()).head ?? '';
      const trying = new Proxy(as(), {
        get: (wiki, key) => (input: object) =>
          (wiki[key as keyof Wiki] as (...given: unknown[]) => unknown)(input, { dryRun: true }),
      });
      for (const path of ['secret/plan', 'fixed'])
        expect((await refusal(call(trying, path, head))).code).toBe('forbidden');
    });
  }

  it('names the page and the right when the caller may read it', async () => {
    const { as } = await guardedWiki();
    const error = await refusal(as().putPage({ path: 'Fixed', content: 'x' }));
    expect(error.message).toBe('Changing "Fixed": not allowed, this needs the right "write" there');
    expect(error.data).toEqual({ needed: 'write', pages: ['Fixed'] });
    const upload = await refusal(
      as({ standing: 'admin', scope: { rights: ['read', 'write'] } }).putAttachment({
        path: 'open',
        filename: 'a.png',
        content: 'eA==',
      }),
    );
    expect(upload.data).toEqual({ needed: 'upload', pages: ['open/a.png'] });
  });

  it('is made by those whom the rule names, and by administrators', async () => {
    const { as, text } = await guardedWiki();
    await as({ names: ['group:staff'] }).putPage({ path: 'secret/new', content: 'by staff' });
    await as({ standing: 'admin' }).putPage({ path: 'fixed/new', content: 'by an administrator' });
    expect(await text('secret/new')).toBe('by staff');
    expect(await text('fixed/new')).toBe('by an administrator');
  });
});

describe('a recursive deletion', () => {
  it('is refused whole when something below may not be changed', async () => {
    const { as, files, put, setPolicy } = await guardedWiki();
    await put('open/fixed', 'x');
    await put('open/secret', 'x');
    const before = await files();
    await setPolicy({ rules: [{ path: 'open/fixed', write: [] }] });
    const fixed = await refusal(as().deletePage({ path: 'open', recursive: true }));
    expect([fixed.code, fixed.data.pages]).toEqual(['forbidden', ['Open/Fixed']]);
    await setPolicy({ rules: [{ path: 'open/secret', read: [] }] });
    const hidden = await refusal(as().deletePage({ path: 'open', recursive: true }));
    expect(hidden.code).toBe('forbidden');
    expect(JSON.stringify([hidden.message, hidden.data])).not.toMatch(/secret/i);
    expect(await files()).toEqual(before);
    await as().deletePage({ path: 'open' });
    expect(await files()).not.toContain('open.md');
  });
});

describe('a revert', () => {
  it('needs every path of the commit', async () => {
    const { as, commit, files } = await guardedWiki();
    const both = await commit({ 'open.md': 'changed', 'secret/plan.md': 'changed' });
    const fixed = await commit({ 'open.md': 'changed again', 'fixed.md': 'changed' });
    const open = await commit({ 'open.md': 'changed once more' });
    const error = await refusal(as().revert(both));
    expect(error.code).toBe('forbidden');
    expect(JSON.stringify([error.message, error.data])).not.toMatch(/secret|plan/i);
    expect((await refusal(as().revert(fixed))).data).toEqual({ needed: 'write', pages: ['Fixed'] });
    expect((await as().revert(open)).body.pages).toEqual(['Open']);
    expect(await files()).toHaveLength(6);
  });
});

describe('a merge', () => {
  it('shows nothing of a page that the caller may not read', async () => {
    const { as, put, commit, text } = await guardedWiki();
    const base = await put('open', 'a\nb\nc\n');
    await put('open', 'a\nB\nc\n');
    await commit({ 'secret/plan.md': 'later' });
    const merged = await as().putPage({
      path: 'open',
      content: 'a\nb\nc\nd\n',
      revision: base,
      onConflict: 'merge',
    });
    expect(merged.body.merged).toBe(true);
    expect(await text('open')).toBe('a\nB\nc\nd\n');
    const refused = await refusal(
      as().putPage({ path: 'secret/plan', content: 'x', revision: base, onConflict: 'merge' }),
    );
    expect(refused.data).toEqual({ needed: 'write' });
  });
});

describe('a write that was planned when a rule did not hold yet', () => {
  it('is refused by the rule that holds when it lands', async () => {
    const [store, uuid] = [createMemoryByteStore(), '1'.repeat(32)];
    const repository = await newRepository({ store, uuid });
    const other = await openRepository({ store, uuid, runtime: systemRuntime });
    const plans: unknown[] = [];
    const wiki = createWiki({ repository, runtime: systemRuntime }).as(policy => {
      plans.push(policy);
      return accessOf(caller())(policy);
    });
    await wiki.putPage({ path: 'new', content: 'x' });
    const policy = storedPolicy({ ...EMPTY_POLICY, revision: 1, rules: [{ path: 'new', write: [] }] });
    await other.changePolicy(() => ({ policy, result: undefined }));
    expect((await refusal(wiki.deletePage({ path: 'new' }))).code).toBe('forbidden');
    expect(plans).toEqual([undefined, undefined, policy]);
  });
});

describe('what stands in the way of a new page', () => {
  it('is not told to who may not know of it', async () => {
    const { as, commit, setPolicy } = await guardedWiki();
    await commit({ 'folder.md/hidden/page.md': 'x', file: 'x' });
    await setPolicy({
      rules: [
        { path: 'folder.md', read: [] },
        { path: 'file', read: [] },
        { path: 'file/below', read: ['APPROVED'] },
      ],
    });
    for (const path of ['folder', 'file/below']) {
      const error = await refusal(as().putPage({ path, content: 'x' }));
      expect([error.code, error.data]).toEqual(['forbidden', { needed: 'write' }]);
      expect(error.message).not.toMatch(/folder|file/);
    }
  });
});

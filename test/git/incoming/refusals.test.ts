import { createHash, hash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KittiwakeError } from '../../../src/core/errors.ts';
import { MAIN_REF } from '../../../src/git/ledger/ledger.ts';
import { createDelta } from '../../../src/git/pack/delta.ts';
import { git } from '../../support/git-command.ts';
import { commitFiles, newRepository } from '../../support/repository.ts';
import { at, cloneOf, commit, emptyCopy, expectSound, packFor, push } from './push-support.ts';

async function wikiAndCopy() {
  const repository = await newRepository();
  const before = await commitFiles(repository, { 'a.md': 'one\n', 'docs/b.md': 'two\n' });
  return { repository, before, copy: await cloneOf(repository) };
}

/** A commit of a tree that is made by hand. */
function commitOf(copy: string, tree: string, parents: readonly string[]): string {
  return at(copy, 'commit-tree', '-m', 'Crafted', ...parents.flatMap(oid => ['-p', oid]), tree);
}

function treeOf(copy: string, entries: readonly { mode: string; name: string; oid: string }[]): string {
  const bytes = Buffer.concat(
    entries.map(({ mode, name, oid }) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]),
    ),
  );
  const args = ['hash-object', '-t', 'tree', '-w', '--literally', '--stdin'];
  return git(copy, args, { input: bytes }).toString().trim();
}

async function expectRefused(pushing: Promise<unknown>, code: string, text = ''): Promise<void> {
  await expect(pushing).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
}

test('a push that knows an older head is refused, and so is one that does not build on the head', async () => {
  const { repository, before, copy } = await wikiAndCopy();
  const after = commit(copy, { 'a.md': 'mine\n' });
  await commitFiles(repository, { 'a.md': 'theirs\n' });
  await expectRefused(push(repository, copy, { updates: [{ ref: MAIN_REF, before, after }] }), 'ref_moved');
  await expectRefused(push(repository, copy), 'not_fast_forward');
  await expectRefused(push(repository, emptyWith(copy)), 'not_fast_forward');
  await expectSound(repository);
});

function emptyWith(_copy: string): string {
  const other = emptyCopy();
  commit(other, { 'a.md': 'unrelated\n' });
  return other;
}

test('the main line cannot be removed', async () => {
  const { repository, before, copy } = await wikiAndCopy();
  const updates = [{ ref: MAIN_REF, before, after: undefined }];
  await expectRefused(push(repository, copy, { updates }), 'ref_protected');
});

test.each([
  'refs/heads/a..b',
  'refs/heads/.a',
  'refs/heads/a.lock',
  'HEAD',
  'refs/heads/a b',
  'refs/heads/main/x',
])('a ref cannot be called %s', async ref => {
  const { repository, before, copy } = await wikiAndCopy();
  const updates = [{ ref, before: undefined, after: before }];
  await expectRefused(push(repository, copy, { updates }), 'ref_invalid');
});

test('a branch names a commit, not a tag or a tree', async () => {
  const { repository, copy } = await wikiAndCopy();
  at(copy, 'tag', '-a', '-m', 'First', 'v1');
  for (const [name, code] of [
    ['v1', 'ref_invalid'],
    ['HEAD^{tree}', 'object_missing'],
  ] as const) {
    const updates = [{ ref: 'refs/heads/x', before: undefined, after: at(copy, 'rev-parse', name) }];
    const pack = packFor(copy, [at(copy, 'rev-parse', name)], []);
    await expectRefused(push(repository, copy, { updates, pack }), code);
  }
});

test.each([
  ['100644', '.git', 'entry_refused'],
  ['40000', '.GIT', 'entry_refused'],
  ['100644', 'git~1', 'entry_refused'],
  ['100644', '..', 'entry_refused'],
  ['100644', 'a\\b', 'entry_refused'],
  ['100644', 'line\nbreak', 'entry_refused'],
  ['100644', '\u200c.g\u200dit', 'entry_refused'],
  ['120000', '.gitmodules', 'entry_refused'],
  ['100600', 'odd-mode', 'entry_refused'],
  ['0100644', 'padded', 'object_corrupt'],
])('an entry of mode %s with the name %j is refused', async (mode, name, code) => {
  const { repository, before, copy } = await wikiAndCopy();
  const blob = git(copy, ['hash-object', '-w', '--stdin'], { input: 'x' }).toString().trim();
  const oid = mode === '40000' ? treeOf(copy, [{ mode: '100644', name: 'x', oid: blob }]) : blob;
  const after = commitOf(copy, treeOf(copy, [{ mode, name, oid }]), [before]);
  await expectRefused(push(repository, copy, { updates: [{ ref: MAIN_REF, before, after }] }), code);
  await expectSound(repository);
});

test.each([
  ['.gitmodules', '[submodule "x"]\n\tpath = x\n\turl = -u./payload\n'],
  ['.GitModules', '[submodule "x"] url = "-upayload"\n'],
  ['gitmod~1', '[submodule "x"]\nurl = \\\n-upayload\n'],
  ['.gitmodules', '[submodule "../../x"]\n\turl = ./x\n'],
  ['.gitmodules', '[submodule "x"]\n\tupdate = !sh\n'],
])('submodules that would run something are refused: %s with %j', async (name, content) => {
  const { repository, before, copy } = await wikiAndCopy();
  const oid = git(copy, ['hash-object', '-w', '--stdin'], { input: content }).toString().trim();
  for (const tree of [
    treeOf(copy, [{ mode: '100644', name, oid }]),
    treeOf(copy, [{ mode: '40000', name: 'docs', oid: treeOf(copy, [{ mode: '100644', name, oid }]) }]),
  ]) {
    const updates = [{ ref: MAIN_REF, before, after: commitOf(copy, tree, [before]) }];
    await expectRefused(push(repository, copy, { updates }), 'entry_refused');
  }
});

test('harmless submodules are taken', async () => {
  const { repository, copy } = await wikiAndCopy();
  commit(copy, { '.gitmodules': '[submodule "x"]\n\tpath = docs/x\n\turl = https://example.org/x-y.git\n' });
  await push(repository, copy);
  await expectSound(repository);
});

test('a tree that is out of order, or has a name twice, is refused', async () => {
  const { repository, before, copy } = await wikiAndCopy();
  const blob = git(copy, ['hash-object', '-w', '--stdin'], { input: 'x' }).toString().trim();
  const tree = treeOf(copy, [{ mode: '100644', name: 'x', oid: blob }]);
  const cases = [
    [
      { mode: '100644', name: 'b', oid: blob },
      { mode: '100644', name: 'a', oid: blob },
    ],
    [
      { mode: '100644', name: 'a', oid: blob },
      { mode: '100644', name: 'a', oid: blob },
    ],
    [
      { mode: '100644', name: 'a', oid: blob },
      { mode: '100644', name: 'a-b', oid: blob },
      { mode: '40000', name: 'a', oid: tree },
    ],
  ];
  for (const entries of cases) {
    const after = commitOf(copy, treeOf(copy, entries), [before]);
    const pushing = push(repository, copy, { updates: [{ ref: MAIN_REF, before, after }] });
    await expect(pushing).rejects.toMatchObject({
      code: expect.stringMatching(/^(object_corrupt|entry_refused)$/),
    });
  }
});

test.each([
  'author Ann<a@b> 1 +0000\ncommitter Ann <a@b> 1 +0000',
  'author Ann <a@b> 01 +0000\ncommitter Ann <a@b> 1 +0000',
  'author Ann <a@b> 1 0000\ncommitter Ann <a@b> 1 +0000',
  'author Ann <a@b> 1 +0000',
  'author Ann <a@b> 1 +0000\nauthor Ann <a@b> 1 +0000\ncommitter Ann <a@b> 1 +0000',
])('a commit whose header reads %j is refused', async lines => {
  const { repository, before, copy } = await wikiAndCopy();
  const input = `tree ${at(copy, 'rev-parse', 'HEAD^{tree}')}\nparent ${before}\n${lines}\n\nCrafted\n`;
  const args = ['hash-object', '-t', 'commit', '-w', '--literally', '--stdin'];
  const after = git(copy, args, { input }).toString().trim();
  const pack = git(copy, ['pack-objects', '--stdout', '-q'], { input: `${after}\n` });
  await expectRefused(
    push(repository, copy, { updates: [{ ref: MAIN_REF, before, after }], pack }),
    'object_corrupt',
  );
});

test('what a commit leads to must come or be in the history of the wiki', async () => {
  const { repository, before, copy } = await wikiAndCopy();
  const after = commit(copy, { 'new.md': 'new\n' });
  const everything = at(copy, 'rev-list', '--objects', '--no-object-names', `${before}..${after}`).split(
    '\n',
  );
  for (const left of everything) {
    const input = everything.filter(oid => oid !== left).join('\n');
    const pack = git(copy, ['pack-objects', '--stdout', '-q'], { input: `${input}\n` });
    const pushing = push(repository, copy, { updates: [{ ref: MAIN_REF, before, after }], pack });
    await expectRefused(pushing, 'object_missing', left);
  }
  expect((await repository.ledger(0)).refs[MAIN_REF]).toBe(before);
});

/** A pack with one entry more: a delta against an object that it does not hold. */
function withDelta(pack: Buffer, base: string, delta: Buffer): Buffer {
  const header = Buffer.from(pack.subarray(0, 12));
  header.writeUInt32BE(pack.readUInt32BE(8) + 1, 8);
  const size = Buffer.of(0xf0 | (delta.length & 15), delta.length >> 4);
  const entry = [size, Buffer.from(base, 'hex'), deflateSync(delta)];
  const body = Buffer.concat([header, pack.subarray(12, -20), ...entry]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

test('a content that is stored but in no commit of the wiki does not count, and cannot be built on', async () => {
  const { repository, before, copy } = await wikiAndCopy();
  const secret = Array.from({ length: 50 }, (_, n) => `${hash('sha1', `line ${n}`)}\n`).join('');
  const branch = commit(copy, { 'secret.md': secret });
  const ref = 'refs/heads/gone';
  await push(repository, copy, { updates: [{ ref, before: undefined, after: branch }] });
  await push(repository, copy, { updates: [{ ref, before: branch, after: undefined }] });
  at(copy, 'reset', '--quiet', '--hard', before);
  const named = commit(copy, { 'copy.md': secret });
  const blob = at(copy, 'rev-parse', 'HEAD:copy.md');
  const input = at(copy, 'rev-list', '--objects', '--no-object-names', `${before}..${named}`).split('\n');
  const without = `${input.filter(oid => oid !== blob).join('\n')}\n`;
  const pack = git(copy, ['pack-objects', '--stdout', '-q'], { input: without });
  const updates = [{ ref: MAIN_REF, before, after: named }];
  await expectRefused(push(repository, copy, { updates, pack }), 'object_missing', blob);
  at(copy, 'reset', '--quiet', '--hard', before);
  const built = commit(copy, { 'secret.md': `${secret}and more\n` });
  const rest = at(
    copy,
    'rev-list',
    '--objects',
    '--no-object-names',
    '--filter=blob:none',
    `${before}..${built}`,
  );
  const bare = git(copy, ['pack-objects', '--stdout', '-q'], { input: `${rest}\n` });
  const delta = createDelta(Buffer.from(secret), Buffer.from(`${secret}and more\n`)) as Buffer;
  const thin = withDelta(bare, blob, delta);
  await expectRefused(
    push(repository, copy, { updates: [{ ref: MAIN_REF, before, after: built }], pack: thin }),
    'object_missing',
  );
});

test('a check is asked with what lands, and its refusal changes nothing', async () => {
  const { repository, before, copy } = await wikiAndCopy();
  commit(copy, { 'a.md': 'changed\n' }, 'First');
  commit(copy, { 'docs/b.md': null, 'c.md': 'new\n' }, 'Second');
  const told: unknown[] = [];
  const pushing = push(repository, copy, {
    async check(view, history) {
      expect(view.head).toBe(before);
      for await (const { commit: each, changes } of history.commits()) {
        const paths: unknown[] = [];
        for await (const { path, before: was, after: is } of changes())
          paths.push([path, was?.size, is?.size]);
        told.push([each.message.trim(), paths.sort()]);
      }
      const net: string[] = [];
      for await (const { path } of history.net()) net.push(path);
      told.push(net.sort());
      throw new KittiwakeError('forbidden', 'No');
    },
  });
  await expectRefused(pushing, 'forbidden');
  expect(told).toEqual([
    ['First', [['a.md', 4, 8]]],
    [
      'Second',
      [
        ['c.md', undefined, 4],
        ['docs/b.md', 4, undefined],
      ],
    ],
    ['a.md', 'c.md', 'docs/b.md'],
  ]);
  expect((await repository.ledger(0)).refs[MAIN_REF]).toBe(before);
});

test('a pack that was damaged anywhere changes nothing', async () => {
  const { repository, before, copy } = await wikiAndCopy();
  const after = commit(copy, { 'a.md': `${'text\n'.repeat(100)}`, 'new.md': 'new\n' });
  const whole = packFor(copy, [after], [before]);
  const updates = [{ ref: MAIN_REF, before, after }];
  const cases = fc.asyncProperty(
    fc.nat(whole.length - 1),
    fc.integer({ min: 1, max: 255 }),
    fc.boolean(),
    async (place, bits, cut) => {
      const pack = cut ? Buffer.from(whole.subarray(0, place)) : Buffer.from(whole);
      if (!cut) pack[place] = (pack[place] as number) ^ bits;
      await expect(push(repository, copy, { updates, pack })).rejects.toMatchObject({
        code: expect.stringMatching(/^(pack_corrupt|delta_corrupt|object_missing)$/),
      });
    },
  );
  await fc.assert(cases, { numRuns: 60 });
  expect((await repository.ledger(0)).refs[MAIN_REF]).toBe(before);
  expect(await push(repository, copy, { updates, pack: whole })).toMatchObject({ changed: true });
}, 60_000);

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { examine } from '../../../src/git/doctor/doctor.ts';
import { rewriteMaps } from '../../../src/git/upkeep/rewrite-maps.ts';
import { importHistory } from '../../../src/import/git/import-history.ts';
import { findSource } from '../../../src/import/import-source.ts';
import { CraftedBundle, type RawTreeEntry } from '../../support/bundle.ts';
import { commitFiles, newRepository } from '../../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'kittiwake-crafted-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

/** Imports a file into a new wiki; rejects with the error after having seen that the wiki is unchanged. */
async function bringIn(bytes: Buffer) {
  const path = join(folder, `${count++}.bundle`);
  writeFileSync(path, bytes);
  const repository = await newRepository();
  const before = await repository.ledger();
  try {
    const source = await findSource(path, false);
    if (source.kind === 'folder') throw new Error('a bundle was expected');
    const progress = { phase: () => undefined, advance: () => undefined };
    const report = await importHistory({ source, repository, retainPageNameCase: false, progress });
    return { report, repository };
  } catch (error) {
    expect((await repository.ledger()).stamp).toEqual(before.stamp);
    throw error;
  }
}

/** A history of three commits, the bad entry in the middle one only. */
function historyWith(entry: (blob: string, tree: string) => RawTreeEntry[], deep: boolean): Buffer {
  const bundle = new CraftedBundle();
  const blob = bundle.add('blob', '[core]\n\tfsmonitor = touch /tmp/owned\n');
  const good = bundle.tree({ mode: '100644', name: 'home.md', oid: blob });
  const bad = bundle.tree(...entry(blob, good));
  const root = deep ? bundle.tree({ mode: '40000', name: 'docs', oid: bad }) : bad;
  const first = bundle.commit(good);
  const second = bundle.commit(root, first);
  return bundle.finish({ 'refs/heads/main': bundle.commit(good, second) });
}

const FILE = '100644';
const NAMES: (string | Buffer)[] = [
  '.git',
  '.GIT',
  '.Git',
  '.git ',
  '.git.',
  '.git . .',
  'git~1',
  'GIT~1',
  '.g\u200cit',
  '\ufeff.git',
  '.git::$INDEX_ALLOCATION',
  '.git:x',
  '..',
  '.',
  '',
  'a\\b',
  '..\\..\\x',
  'a\u0001b',
  'a\nb',
  'a\u007f',
  '../x',
  'a/b',
  '/etc',
  'x'.repeat(256),
  Buffer.from([0x61, 0xff]),
];

describe('importing a crafted repository', () => {
  it.each(NAMES)('refuses the name %j, at the top and in a folder, as file and as folder', async name => {
    for (const deep of [false, true]) {
      for (const mode of [FILE, '40000']) {
        const bytes = historyWith((blob, tree) => [{ mode, name, oid: mode === FILE ? blob : tree }], deep);
        await expect(bringIn(bytes)).rejects.toMatchObject({
          code: expect.stringMatching(/^(entry_refused|source_corrupt)$/),
        });
      }
    }
  });

  it.each<[string, (blob: string, tree: string) => RawTreeEntry[]]>([
    [
      'a file and a folder of one name',
      (blob, tree) => [
        { mode: FILE, name: 'a', oid: blob },
        { mode: '40000', name: 'a', oid: tree },
      ],
    ],
    [
      'one name twice',
      blob => [
        { mode: FILE, name: 'a', oid: blob },
        { mode: FILE, name: 'a', oid: blob },
      ],
    ],
    [
      'entries out of order',
      blob => [
        { mode: FILE, name: 'b', oid: blob },
        { mode: FILE, name: 'a', oid: blob },
      ],
    ],
    ['an unknown mode', blob => [{ mode: '106644', name: 'a', oid: blob }]],
    ['a device', blob => [{ mode: '20644', name: 'a', oid: blob }]],
    ['a link that git reads as its own', blob => [{ mode: '120000', name: '.gitmodules', oid: blob }]],
    ['a missing blob', () => [{ mode: FILE, name: 'a', oid: '1'.repeat(40) }]],
    ['a missing folder', () => [{ mode: '40000', name: 'a', oid: '1'.repeat(40) }]],
    ['a folder that is a blob', blob => [{ mode: '40000', name: 'a', oid: blob }]],
    ['a file that is a tree', (_, tree) => [{ mode: FILE, name: 'a', oid: tree }]],
  ])('refuses %s, also where only an old commit has it', async (_, entry) => {
    await expect(bringIn(historyWith(entry, false))).rejects.toMatchObject({
      code: expect.stringMatching(/^(entry_refused|source_corrupt)$/),
    });
  });

  it('names the commit and the path that it refuses', async () => {
    const bytes = historyWith(blob => [{ mode: FILE, name: '.git', oid: blob }], true);
    await expect(bringIn(bytes)).rejects.toThrow(/commit [0-9a-f]{40}: its entry "docs\/\.git" is refused/);
  });

  it('refuses commits that are malformed, missing or no commits', async () => {
    const make = (craft: (bundle: CraftedBundle, good: string) => string) => {
      const bundle = new CraftedBundle();
      const good = bundle.tree({ mode: FILE, name: 'a.md', oid: bundle.add('blob', 'x') });
      return bundle.finish({ 'refs/heads/main': craft(bundle, good) });
    };
    const bad = [
      make((bundle, good) => bundle.add('commit', `tree ${good}\n\nno author\n`)),
      make(bundle => bundle.commit('1'.repeat(40))),
      make((bundle, good) => bundle.commit(good, '1'.repeat(40))),
      make((_, good) => good),
      make(() => '1'.repeat(40)),
    ];
    for (const bytes of bad) await expect(bringIn(bytes)).rejects.toMatchObject({ code: 'source_corrupt' });
  });

  it('refuses a bundle that is damaged anywhere', async () => {
    const whole = historyWith(blob => [{ mode: FILE, name: 'a', oid: blob }], true);
    const start = whole.indexOf('PACK');
    for (let at = start; at < whole.length; at += 7) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      await expect(bringIn(damaged)).rejects.toMatchObject({ code: 'source_corrupt' });
    }
    for (const end of [start, start + 20, whole.length - 1]) {
      await expect(bringIn(whole.subarray(0, end))).rejects.toMatchObject({ code: 'source_corrupt' });
    }
  });

  it('refuses bundles that are not whole, or of a kind it does not know', async () => {
    const bundle = new CraftedBundle();
    const head = bundle.commit(bundle.tree());
    const refs = { 'refs/heads/main': head };
    const refused = { code: 'source_unsupported' };
    await expect(bringIn(bundle.finish(refs, { header: `-${'1'.repeat(40)} base\n` }))).rejects.toMatchObject(
      refused,
    );
    for (const capability of ['@filter=blob:none', '@object-format=sha256', '@future=1']) {
      const bytes = bundle.finish(refs, { version: 3, header: `${capability}\n` });
      await expect(bringIn(bytes)).rejects.toMatchObject(refused);
    }
    await expect(bringIn(Buffer.from('no bundle'))).rejects.toMatchObject(refused);
    const fine = await bringIn(bundle.finish(refs, { version: 3, header: '@object-format=sha1\n' }));
    expect(fine.report.head).toBe(head);
  });

  it('keeps submodules, of which it has no content', async () => {
    const bundle = new CraftedBundle();
    const page = { mode: FILE, name: 'a.md', oid: bundle.add('blob', 'x') };
    const submodules = ['docs', 'notes.md'].map(name => ({ mode: '160000', name, oid: 'ab'.repeat(20) }));
    const head = bundle.commit(bundle.tree(page, ...submodules));
    const { report, repository } = await bringIn(bundle.finish({ 'refs/heads/main': head }));
    expect(report).toMatchObject({ head, pages: 1, attachments: 0 });
    expect(report.notes).toContain('submodules (2) have no content here');
    await commitFiles(repository, { 'b.md': 'y' });
    await repository.flusher.flush();
    await rewriteMaps(repository);
    const view = await repository.view();
    expect(await view.file('docs')).toMatchObject({ mode: 0o160000, oid: 'ab'.repeat(20), size: 0 });
    expect((await view.files('')).map(({ path }) => path)).toEqual(['a.md', 'b.md', 'docs', 'notes.md']);
    expect((await examine(repository)).findings).toEqual([]);
  });

  it('takes the tags of the commits that come in, and only names that git takes', async () => {
    const bundle = new CraftedBundle();
    const head = bundle.commit(bundle.tree({ mode: FILE, name: 'a.md', oid: bundle.add('blob', 'x') }));
    const other = bundle.commit(bundle.tree({ mode: FILE, name: 'b.md', oid: bundle.add('blob', 'y') }));
    const tag = (target: string, type = 'commit') =>
      bundle.add('tag', `object ${target}\ntype ${type}\ntag v1\ntagger Ann <a@b> 1 +0000\n\nx\n`);
    const annotated = tag(head);
    const { repository } = await bringIn(
      bundle.finish({
        'refs/heads/main': head,
        'refs/heads/other': other,
        'refs/tags/v1': annotated,
        'refs/tags/twice': tag(annotated, 'tag'),
        'refs/tags/light': head,
        'refs/tags/elsewhere': other,
        'refs/tags/../x': head,
        'refs/tags/-x': head,
        'refs/tags/x.lock': head,
        'refs/tags/a..b': head,
        'refs/remotes/origin/main': head,
      }),
    );
    expect(Object.keys((await repository.ledger()).refs).sort()).toEqual([
      'refs/heads/main',
      'refs/tags/light',
      'refs/tags/twice',
      'refs/tags/v1',
    ]);
  });
});

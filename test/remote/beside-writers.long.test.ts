import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { randomId, systemRuntime } from '../../src/core/runtime.ts';
import { createLedger, type LedgerRepository } from '../../src/git/open.ts';
import { createDiskByteStore } from '../../src/storage/disk.ts';
import { at, expectSound } from '../git/incoming/push-support.ts';
import { farStore } from '../support/far-store.ts';
import { git, temporaryFolder } from '../support/git-command.ts';
import { gitHost } from '../support/git-host.ts';
import { commitFiles, exportTo } from '../support/repository.ts';
import { nameHost, openSyncPlace } from './sync-place.ts';

const PAUSE_MS = 5;

/** Writes pages one after the other until `over`. Resolves with their paths. */
async function writeUntil(repository: LedgerRepository, name: string, over: Promise<unknown>) {
  const written: string[] = [];
  let isOver = false;
  const stop = () => {
    isOver = true;
  };
  over.then(stop, stop);
  while (!isOver) {
    const path = `${name}/note-${written.length}.md`;
    await commitFiles(repository, { [path]: `note ${written.length}\n` });
    written.push(path);
    await wait(PAUSE_MS);
  }
  return written;
}

/** As many commits on the main line, each with a page. */
function manyCommits(folder: string, count: number): void {
  const lines: string[] = [];
  for (let round = 0; round < count; round += 1) {
    const text = `round ${round}\n`;
    lines.push(
      'commit refs/heads/main',
      `committer Ann <ann@example.org> ${1_700_000_000 + round} +0000`,
      'data 0',
    );
    if (round === 0) lines.push('from refs/heads/main^0');
    lines.push(`M 100644 inline theirs/p${round}.md`, `data ${text.length}`, text);
  }
  git(folder, ['fast-import', '--quiet'], { input: `${lines.join('\n')}\n` });
}

const places = [
  { name: 'a disk', open: () => createDiskByteStore({ folder: temporaryFolder() }), local: true },
  { name: 'a store far away', open: farStore, local: false },
];

test.each(places)(
  'a merge of 200 commits lands beside writers of other processes and its own that go on writing to $name',
  async ({ open, local }) => {
    const [store, uuid, host] = [open(), randomId(systemRuntime), await gitHost()];
    await createLedger({ store, uuid, runtime: systemRuntime });
    const place = openSyncPlace({ store, uuid, local });
    await nameHost(place, host.url);
    host.commit({ 'home.md': 'a\nb\nc\nd\ne\n' });
    await place.sync({ pull: true });
    await commitFiles(place.repository, { 'home.md': 'A\nb\nc\nd\ne\n', 'both.md': 'ours\n' });
    manyCommits(host.folder, 199);
    const theirs = host.commit({ 'home.md': 'a\nb\nc\nd\nE\n', 'both.md': 'theirs\n' });
    const others = ['b', 'c'].map(name => ({ name, ...openSyncPlace({ store, uuid, local }) }));
    const pulling = place.sync({ pull: true });
    const written = await Promise.all(
      [...others, { name: 'own', ...place }].map(each => writeUntil(each.repository, each.name, pulling)),
    );
    expect((await pulling).pull).toMatchObject({ outcome: 'conflicts', commits: 200, theirs });
    for (const paths of written) expect(paths.length).toBeGreaterThan(0);
    const after = openSyncPlace({ store, uuid, local });
    await expectSound(after.repository);
    const bare = temporaryFolder();
    await exportTo(after.repository, bare);
    const there = at(bare, 'ls-tree', '-r', '--name-only', 'main').split('\n');
    expect(there).toEqual(expect.arrayContaining(['theirs/p0.md', 'theirs/p198.md', ...written.flat()]));
    expect(at(bare, 'show', 'main:home.md')).toBe('A\nb\nc\nd\nE');
    expect(at(bare, 'show', 'main:both.md')).toBe('ours');
    expect(at(bare, 'log', '--format=%H', '--merges', 'main').split('\n')).toHaveLength(1);
    expect((await after.sync({ push: true })).push?.outcome).toBe('pushed');
    host.run('fsck', '--strict', '--full');
  },
  60_000,
);

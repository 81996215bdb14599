import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { examine } from '../../src/git/doctor/doctor.ts';
import { MAP_SECTIONS, type MapSectionName } from '../../src/git/map/map-index.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { collectGarbage } from '../../src/git/upkeep/gc.ts';
import { mergeNewest } from '../../src/git/upkeep/merge.ts';
import { rewriteMaps } from '../../src/git/upkeep/rewrite-maps.ts';
import { createWiki } from '../../src/wiki/create-wiki.ts';
import type { Wiki } from '../../src/wiki/wiki.ts';
import { createData, expectSound, filesBelow, openData } from '../support/data-folder.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { needs } from '../support/needs.ts';
import { commitFiles } from '../support/repository.ts';

const PAGES = ['home', 'docs/intro', 'docs/more', 'old', 'new', 'moved'];

/** A wiki of three packs with maps, one large attachment, and a journal above them; and all that it answers. */
async function prepare(): Promise<string> {
  const data = temporaryFolder();
  const repository = await createData(data);
  const wiki = wikiOn(repository);
  await wiki.putPage({ path: 'home', content: 'to [[docs/intro]] and [more](docs/more)' });
  await wiki.batch([
    { op: 'put', path: 'docs/intro', content: '---\ntitle: Intro\ntags: [a, b]\n---\nto [[home]]' },
    { op: 'put', path: 'docs/more', content: 'x' },
    { op: 'put', path: 'gone', content: 'to [[home]]' },
    { op: 'put', path: 'before', content: 'renamed later' },
  ]);
  await repository.flusher.flush();
  await wiki.putAttachment({ path: 'home', filename: 'large.bin', content: Buffer.alloc(100_000, 'Zz8') });
  await wiki.deletePage({ path: 'gone' });
  await commitFiles(repository, { 'old.md': 'to [[home]]', 'folder/file.bin': 'y' }, 'from elsewhere');
  await repository.flusher.flush();
  await wiki.renamePage({ path: 'before', newPath: 'moved' });
  await wiki.patchPage({
    path: 'home',
    oldString: 'and',
    newString: 'or',
    revision: (await wiki.readPage('home')).body.revision,
  });
  await repository.flusher.flush();
  await wiki.putPage({ path: 'docs/new', content: 'to [[docs/more]]' });
  await wiki.renamePage({ path: 'docs/new', newPath: 'new' });
  return data;
}

function wikiOn(repository: LedgerRepository): Wiki {
  return createWiki({ repository, runtime: systemRuntime });
}

/** What a process that has just started answers. */
async function answers(data: string): Promise<unknown> {
  const wiki = wikiOn(await openData(data).repository());
  const pages: unknown[] = [];
  for (const page of PAGES)
    pages.push(await wiki.readPage(page), await wiki.pageHistory(page), await wiki.pageLinks(page));
  const attachments = await wiki.listAttachments('home');
  return {
    pages,
    attachments,
    list: await wiki.listPages(),
    log: await wiki.changelog(),
    graph: await wiki.linkGraph(),
  };
}

/** Damages the first bytes of a section, in all maps or in that of the oldest pack. */
async function damageSection(data: string, section: MapSectionName, which: 'all' | 'oldest'): Promise<void> {
  const { packs } = await (await openData(data).repository()).ledger();
  const maps = packs.filter(pack => pack.map?.sections[section]);
  for (const { name, map } of which === 'all' ? maps : maps.slice(-1)) {
    const start = map?.sections[section]?.start ?? 0;
    const file = join(data, Object.keys(filesBelow(data)).find(path => path.endsWith(`${name}.map`)) ?? '');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xaa, start, start + 8));
  }
}

describe('maps made anew', () => {
  it.for([...MAP_SECTIONS.map(section => [section, 'all'] as const), ['rows', 'oldest'] as const])(
    'mend section %s of %s maps and change no answer',
    async ([section, which], ctx) => {
      needs(ctx, 'git');
      const data = await prepare();
      const before = await answers(data);
      const { commits } = await expectSound(data);
      await damageSection(data, section, which);
      const damaged = await openData(data).repository();
      const found = await examine(damaged);
      expect(found.findings.map(({ code }) => code)).toContain('map_corrupt');
      expect(found.repairable).toBe(true);
      const report = await rewriteMaps(damaged);
      expect(report).toMatchObject({ replaced: { length: 3 }, commits: 7 });
      expect(await answers(data)).toEqual(before);
      expect((await expectSound(data)).commits).toEqual(commits);
    },
  );

  it('go through merging and collecting like others', async ctx => {
    needs(ctx, 'git');
    const data = await prepare();
    const before = await answers(data);
    await damageSection(data, 'rows', 'all');
    const repository = await openData(data).repository();
    await rewriteMaps(repository);
    await repository.flusher.flush();
    await mergeNewest(repository, { minPacks: 2 });
    await collectGarbage(repository, { orphanGraceMs: 0, readerGraceMs: 0 });
    expect(await answers(data)).toEqual(before);
    await expectSound(data);
  });

  it('keep the maps of a flush that was faster', async ctx => {
    needs(ctx, 'git');
    const data = await prepare();
    const repository = await openData(data).repository();
    const other = await openData(data).repository();
    const before = await answers(data);
    const rewriting = rewriteMaps(
      pausedBeforeSwap(repository, async () => void (await other.flusher.flush())),
    );
    expect(await rewriting).toBeDefined();
    const { packs } = await repository.ledger(0);
    expect(packs.map(pack => pack.map !== undefined)).toEqual([
      true,
      ...packs.slice(2).map(() => false),
      true,
    ]);
    expect(await answers(data)).toEqual(before);
    await expectSound(data);
  });

  it('are not listed when the packs were merged meanwhile', async ctx => {
    needs(ctx, 'git');
    const data = await prepare();
    const repository = await openData(data).repository();
    const other = await openData(data).repository();
    const merge = async () => void (await mergeNewest(other, { minPacks: 2 }));
    expect(await rewriteMaps(pausedBeforeSwap(repository, merge))).toBeUndefined();
    await expectSound(data);
  });

  it('are refused where a pack is damaged too, and nothing changes', async () => {
    const data = await prepare();
    const file = join(data, Object.keys(filesBelow(data)).find(path => path.endsWith('.pack')) ?? '');
    await damageSection(data, 'rows', 'all');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0x55, 20, 30));
    const repository = await openData(data).repository();
    expect((await examine(repository)).repairable).toBe(false);
    const before = filesBelow(data);
    await expect(rewriteMaps(repository)).rejects.toMatchObject({ code: 'pack_corrupt' });
    expect(filesBelow(data)).toEqual(before);
  });

  it('are none where nothing was flushed', async () => {
    const repository = await createData(temporaryFolder());
    expect(await rewriteMaps(repository)).toBeUndefined();
  });
});

/** The repository, which does `first` before it changes its ledger. */
function pausedBeforeSwap(repository: LedgerRepository, first: () => Promise<void>): LedgerRepository {
  const { amend } = repository;
  repository.amend = async intent => {
    await first();
    return amend.call(repository, intent) as ReturnType<typeof repository.amend<never>>;
  };
  return repository;
}

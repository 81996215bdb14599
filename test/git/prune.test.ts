import { beforeEach, describe, expect, it } from 'vitest';
import { packKey } from '../../src/git/ledger/ledger.ts';
import { hashObject } from '../../src/git/object/object-codec.ts';
import { type LedgerRepository, openRepository } from '../../src/git/open.ts';
import { PackWriter } from '../../src/git/pack/pack-writer.ts';
import { storePack } from '../../src/git/upkeep/adopt.ts';
import { mergeNewest } from '../../src/git/upkeep/merge.ts';
import { pruneUnreachable } from '../../src/git/upkeep/prune.ts';
import { commitFiles, newRepository } from '../support/repository.ts';

/** Lists a pack with a blob that nothing refers to. */
async function addLost(repository: LedgerRepository): Promise<void> {
  const writer = new PackWriter();
  const bytes = Buffer.from('nobody knows me');
  writer.add('blob', hashObject('blob', bytes), bytes);
  const { pack, index } = writer.finish();
  const ref = await storePack(repository, { pack, index, objects: 1 });
  await repository.amend<true>({
    apply: async current => ({
      kind: 'change',
      value: { ...current, packs: [ref, ...current.packs] },
      result: true,
    }),
    settle: async current => (current.packs.includes(ref) ? true : undefined),
  });
}

describe('dropping what is unreachable says why it was not done', () => {
  let repository: LedgerRepository;
  let bytes: number;

  beforeEach(async () => {
    repository = await newRepository({ flush: null });
    for (const text of ['one', 'two']) {
      await commitFiles(repository, { 'a.md': text });
      await repository.flusher.flush();
    }
    bytes = (await repository.ledger()).packs.reduce((sum, pack) => sum + pack.bytes, 0);
  });

  it('where the packs are larger than the limit', async () => {
    const before = await repository.ledger();
    expect(await pruneUnreachable(repository, bytes - 1)).toEqual({
      unreachable: 0,
      replaced: [],
      declined: `the packs have ${bytes} bytes, above the limit of ${bytes - 1}`,
    });
    expect((await repository.ledger()).packs).toEqual(before.packs);
    expect(await pruneUnreachable(repository, bytes)).toEqual({ unreachable: 0, replaced: [] });
  });

  it('where the wiki is damaged', async () => {
    const { store, uuid, runtime } = repository;
    const key = packKey(uuid, (await repository.ledger()).packs[0]?.name ?? '', 'pack');
    await store.delete([key]);
    const { unreachable, declined } = await pruneUnreachable(openRepository({ store, uuid, runtime }));
    expect([unreachable, declined]).toEqual([
      0,
      expect.stringContaining(`the wiki is damaged: Reading "${key}"`),
    ]);
  });

  it('where others were faster', async () => {
    await addLost(repository);
    const { amend } = repository;
    repository.amend = async intent => {
      repository.amend = amend;
      await mergeNewest(repository, { minPacks: 2 });
      return amend.call(repository, intent) as ReturnType<typeof amend<never>>;
    };
    expect(await pruneUnreachable(repository)).toEqual({
      unreachable: 1,
      replaced: [],
      declined: 'the packs changed meanwhile',
    });
    expect(await pruneUnreachable(repository)).toMatchObject({ unreachable: 1, replaced: { length: 1 } });
  });
});

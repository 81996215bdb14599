import { expect, it } from 'vitest';
import type { LedgerRepository } from '../../src/git/open.ts';
import type { Committed } from '../../src/git/repository.ts';
import { collectGarbage } from '../../src/git/upkeep/gc.ts';
import { mergeNewest } from '../../src/git/upkeep/merge.ts';
import { draftOf, newRepository } from '../support/repository.ts';

function commitOnce(repository: LedgerRepository, name: string): Promise<Committed<string>> {
  return repository.commit({
    plan: async () => ({
      kind: 'commit',
      draft: draftOf({ [name]: `${name}\n` }),
      result: made => made.oid,
    }),
    idempotency: { key: name.repeat(64), fingerprint: 'f'.repeat(64) },
  });
}

it('answers repeated requests after their packs were merged and deleted', async () => {
  const repository = await newRepository({ flush: null });
  const first = await commitOnce(repository, 'a');
  await repository.flusher.flush();
  await commitOnce(repository, 'b');
  await repository.flusher.flush();
  const merged = await mergeNewest(repository, { minPacks: 2 });
  const { deleted } = await collectGarbage(repository, { readerGraceMs: 0 });
  expect(deleted).toEqual(merged);
  expect(await commitOnce(repository, 'a')).toEqual({ result: first.result, replayed: true });
});

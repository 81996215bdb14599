import { describe, expect, it } from 'vitest';
import { type Runtime, systemRuntime } from '../../src/core/runtime.ts';
import { createWiki } from '../../src/wiki/create-wiki.ts';
import { createDescribe } from '../../src/wiki/markup/describe.ts';
import { DEFAULT_SETTINGS } from '../../src/wiki/settings.ts';
import type { BatchChange, Wiki } from '../../src/wiki/wiki.ts';
import { newRepository } from '../support/repository.ts';

/** A clock that is 10 ms further at each look, so that every step is long; far ahead of the one that the swap goes by. */
function slowRuntime(): Runtime & { turns: number } {
  let nowMs = systemRuntime.now() + 3_600_000;
  return {
    ...systemRuntime,
    turns: 0,
    now() {
      nowMs += 10;
      return nowMs;
    },
    turn() {
      this.turns += 1;
      return systemRuntime.turn();
    },
  };
}

async function slowWiki() {
  const repository = await newRepository({ describe: createDescribe(DEFAULT_SETTINGS) });
  const runtime = slowRuntime();
  return { runtime, repository, wiki: createWiki({ repository, runtime }) };
}

const puts = (count: number): BatchChange[] =>
  Array.from({ length: count }, (_, number) => ({ op: 'put', path: `p${number}`, content: 'to [[home]]' }));

const PAGES = 40;

/** Work of many steps. */
const LONG: Record<string, (wiki: Wiki, deadlineMs: number) => Promise<unknown>> = {
  'a batch': (wiki, deadlineMs) => wiki.batch(puts(PAGES), { deadlineMs }),
  'a batch that is tried out': (wiki, deadlineMs) => wiki.batch(puts(PAGES), { deadlineMs, dryRun: true }),
  'the rewriting of links': (wiki, deadlineMs) =>
    wiki.renamePage({ path: 'home', newPath: 'house' }, { deadlineMs }),
  'the revert of a large commit': async (wiki, deadlineMs) =>
    wiki.revert((await wiki.readPage('p1')).body.revision, { deadlineMs }),
};

describe('long work', () => {
  it.each(Object.keys(LONG))('lets others run between the steps of %s', async name => {
    const { wiki, runtime } = await slowWiki();
    if (!name.includes('batch')) await seed(wiki);
    runtime.turns = 0;
    await LONG[name]?.(wiki, Number.POSITIVE_INFINITY);
    expect(runtime.turns).toBeGreaterThanOrEqual(PAGES);
  });

  it.each(Object.keys(LONG))('ends %s at the deadline and writes nothing', async name => {
    const { wiki, repository, runtime } = await slowWiki();
    if (!name.includes('batch')) await seed(wiki);
    const { head } = await repository.view();
    const work = LONG[name]?.(wiki, runtime.now() + 200);
    await expect(work).rejects.toMatchObject({ code: 'deadline_exceeded' });
    expect((await repository.view()).head).toBe(head);
  });

  it('says at which change of a batch the time was up', async () => {
    const { wiki, runtime } = await slowWiki();
    await expect(wiki.batch(puts(PAGES), { deadlineMs: runtime.now() + 200 })).rejects.toThrow(
      /^Change \d+: Carrying out the request takes longer than there is time: nothing was written/,
    );
  });

  it('is not interrupted while it is short', async () => {
    const { wiki, runtime } = await slowWiki();
    await wiki.putPage({ path: 'a', content: 'x' });
    await wiki.patchPage({
      path: 'a',
      oldString: 'x',
      newString: 'y',
      revision: (await wiki.readPage('a')).body.revision,
    });
    expect(runtime.turns).toBe(0);
  });
});

async function seed(wiki: Wiki): Promise<void> {
  await wiki.putPage({ path: 'home', content: 'x' });
  await wiki.batch(puts(PAGES));
}

import { describe, expect, it } from 'vitest';
import { ImportTurns, type WaitingImport } from '../../src/cli/import-turns.ts';

/** Turns that end when they are told to. */
function controlled(maxJobs: number, maxPerWiki: number) {
  const ends = new Map<string, (hasMore: boolean) => void>();
  const begun: string[] = [];
  const turns = new ImportTurns({
    maxJobs,
    maxPerWiki,
    run({ id }: WaitingImport) {
      begun.push(id);
      return new Promise(resolve => ends.set(id, resolve));
    },
  });
  const end = async (id: string, hasMore = false) => {
    ends.get(id)?.(hasMore);
    await new Promise(setImmediate);
  };
  const offer = (uuid: string, ...ids: string[]) =>
    turns.offer(
      uuid,
      ids.map(id => ({ uuid, id })),
    );
  return { turns, begun, end, offer };
}

describe('turns of imports', () => {
  it('are taken by wikis one after the other, however many imports one of them has', async () => {
    const { begun, end, offer } = controlled(1, 1);
    offer('many', 'm1', 'm2', 'm3');
    offer('few', 'f1');
    for (let turn = 0; turn < 4; turn += 1) await end(begun.at(-1) ?? '');
    expect(begun).toEqual(['m1', 'f1', 'm2', 'm3']);
  });

  it('pass on when they are over, and come again', async () => {
    const { begun, end, offer, turns } = controlled(1, 1);
    offer('a', 'a1');
    offer('b', 'b1');
    await end('a1', true);
    await end('b1', true);
    await end('a1');
    await end('b1');
    expect(begun).toEqual(['a1', 'b1', 'a1', 'b1']);
    expect(turns.isIdle).toBe(true);
  });

  it('are had by so many at once, and so many of one wiki', async () => {
    const { begun, end, offer } = controlled(3, 2);
    offer('a', 'a1', 'a2', 'a3');
    expect(begun).toEqual(['a1', 'a2']);
    offer('b', 'b1', 'b2');
    expect(begun).toEqual(['a1', 'a2', 'b1']);
    await end('a1');
    expect(begun).toHaveLength(4);
  });

  it('are not had twice by one import, and end before it stops', async () => {
    const { begun, end, offer, turns } = controlled(2, 2);
    offer('a', 'a1');
    offer('a', 'a1');
    expect(begun).toEqual(['a1']);
    let isStopped = false;
    const stopping = turns.stop().then(() => {
      isStopped = true;
    });
    offer('a', 'a2');
    await new Promise(setImmediate);
    expect([isStopped, begun]).toEqual([false, ['a1']]);
    await end('a1');
    await stopping;
  });
});

import { describe, expect, it } from 'vitest';
import type { Known } from '../../src/swap/mirror.ts';
import { isDecided, settleAll } from '../../src/swap/settle.ts';
import type { Waiter } from '../../src/swap/waiter.ts';
import { emptyList, type List } from './list.ts';

function version(seq: number): Known<List> {
  const stamp = { uuid: 'one', seq, nonce: `${seq}` };
  return {
    value: { ...emptyList(), stamp },
    version: `v${seq}`,
    stamp,
    checkedMs: 0,
    checkedTick: 0,
    learnedTick: 0,
  };
}

function waiting(
  base: Known<List>,
  settle: () => Promise<unknown>,
): { waiter: Waiter<List>; answers: unknown[] } {
  const answers: unknown[] = [];
  const waiter: Waiter<List> = {
    intent: { apply: async () => ({ kind: 'keep', result: undefined }), settle },
    submittedMs: 0,
    submittedTick: 0,
    tried: true,
    losses: 0,
    deadlineMs: 1_000,
    base,
    answered: false,
    resolve: result => answers.push(result),
    reject: error => answers.push(error),
  };
  return { waiter, answers };
}

const never = (): void => {
  throw new Error('nothing was to fail');
};

describe('settling', () => {
  it('decides nothing while the version is the one that was put on', () => {
    const { waiter } = waiting(version(3), async () => undefined);
    expect(isDecided(waiter, version(3))).toBe(false);
    expect(isDecided(waiter, version(4))).toBe(true);
  });

  it('answers those whose effect is there, and frees the others', async () => {
    const there = waiting(version(3), async () => 'there');
    const absent = waiting(version(3), async () => undefined);
    expect(await settleAll([there.waiter, absent.waiter], version(4), never)).toBe(1);
    expect(there.answers).toEqual(['there']);
    expect(absent.answers).toEqual([]);
    expect(absent.waiter.base).toBeUndefined();
  });

  it('leaves one undecided whose effect could not be looked for', async () => {
    const failures: unknown[] = [];
    const { waiter, answers } = waiting(version(3), async () => {
      throw new Error('the pack could not be read');
    });
    expect(await settleAll([waiter], version(4), error => failures.push(error))).toBe(0);
    expect(answers).toEqual([]);
    expect(waiter.base?.version).toBe('v3');
    expect(failures).toHaveLength(1);
  });

  it('ignores a late look-up of one that was put on another version meanwhile', async () => {
    let look = (): void => {};
    const { waiter } = waiting(version(3), () => new Promise(resolve => (look = () => resolve(undefined))));
    const settled = settleAll([waiter], version(4), never);
    waiter.base = version(5);
    look();
    await settled;
    expect(waiter.base.version).toBe('v5');
  });
});

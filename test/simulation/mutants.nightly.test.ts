import { afterAll, describe, expect, it } from 'vitest';
import { type Defect, mutantOf } from './mutate.ts';
import { simulateToy } from './simulate-toy.ts';
import { takeTurns } from './take-turns.ts';
import type { MakeSwap } from './toy-client.ts';

/** Seeds that are tried before a defect counts as overlooked. */
const SEEDS = 400;

const defects: Record<string, Defect> = {
  'does not look for its own effect': {
    file: 'settle.ts',
    find: 'if (result !== undefined) answer',
    replace: 'if (result === null) answer',
  },
  'looks for its effect since the wrong version': {
    file: 'settle.ts',
    find: 'settle(current.value, base.value)',
    replace: 'settle(current.value, current.value)',
  },
  'takes an unknown outcome for "not written"': {
    file: 'pipeline.ts',
    find: "} else if (outcome.kind === 'refused') release",
    replace:
      "} else if (outcome.kind === 'unknown') {\n      for (const waiter of fresh) waiter.base = undefined;\n    } else if (outcome.kind === 'refused') release",
  },
  'takes a conflict for "not written"': {
    file: 'pipeline.ts',
    find: 'const outcome = await this.#send(proposal, group, retried);',
    replace:
      'const outcome = await this.#send(proposal, group, retried);\n    if (outcome.kind === "conflict") for (const waiter of fresh) waiter.base = undefined;',
  },
  'takes an exception of the store for a refusal': {
    file: 'exchange.ts',
    find: 'if (isKittiwakeError(error)) return',
    replace: 'if (error) return',
  },
  'calls an unknown outcome contention': {
    file: 'queue.ts',
    find: 'refuse(waiter, outcomeUnknown(this.#key, cause))',
    replace: 'refuse(waiter, contention(this.#key, 1, cause))',
  },
  'puts the change of a caller that was told otherwise': {
    file: 'group.ts',
    find: "kind === 'change' && waiter.answered",
    replace: 'false && waiter.answered && kind',
  },
  'answers before the put': {
    file: 'pipeline.ts',
    find: 'const fresh = markUnsettled(group, base);',
    replace: 'const fresh = markUnsettled(group, base); answerAll(group);',
  },
  'answers verdicts on changes that are not stored': {
    file: 'group.ts',
    find: "if (kind === 'change' || above || waiter.base !== undefined) continue;",
    replace: "if (kind === 'change') continue;",
  },
  'answers verdicts on what may be out of date': {
    file: 'group.ts',
    find: 'if (base.checkedTick > waiter.submittedTick) tell',
    replace: 'tell',
  },
  'answers whatever was confirmed, changed or not': {
    file: 'pipeline.ts',
    find: 'if (now.version !== base.version) return;',
    replace: '',
  },
  'refuses while an unsettled put may land': {
    file: 'group.ts',
    find: 'group.changes > 0 || group.opinions.some(({ waiter }) => !waiter.answered && waiter.base !== undefined)',
    replace: 'group.changes > 0',
  },
  'formats an intent again whose older puts are not settled': {
    file: 'queue.ts',
    find: '(waiter.base === undefined || waiter.base.version === base.version)',
    replace: 'true',
  },
  'holds what was not acknowledged': {
    file: 'exchange.ts',
    find: "if (outcome.kind === 'stored') {",
    replace:
      "if (outcome.kind !== 'stored') mirror.learn(value, base.version, sent);\n    if (outcome.kind === 'stored') {",
  },
  'puts without a condition': {
    file: 'exchange.ts',
    find: '{ ifMatch: base.version }',
    replace: '{ immutable: true }',
  },
  'puts on the newest version what was formatted on an older one': {
    file: 'exchange.ts',
    find: '{ ifMatch: base.version }',
    replace: '{ ifMatch: (await mirror.refresh())?.version ?? base.version }',
  },
  'reads what it holds, not what is there': {
    file: 'swapper.ts',
    find: 'if (maxAgeMs <= 0) return this.#mirror.refresh();',
    replace: 'if (maxAgeMs <= 0 && this.#mirror.known) return this.#mirror.known;',
  },
  'goes back to an older version': {
    file: 'mirror.ts',
    find: 'if (known.learnedTick > sent.tick) return known;\n        throw',
    replace: 'if (sent) { this.#known = undefined; return this.learn(value, outcome.version, sent); } throw',
  },
  'puts a refused change': {
    file: 'group.ts',
    find: "opinions.push({ waiter, kind: 'refusal', said: error, above });",
    replace: "opinions.push({ waiter, kind: 'refusal', said: error, above: false }); changes += 1;",
  },
  'forgets a deadline': {
    file: 'queue.ts',
    find: 'if (waiter.deadlineMs <= nowMs)',
    replace: 'if (waiter.deadlineMs + 3000 <= nowMs)',
  },
  'refuses for want of time what may have been written': {
    file: 'queue.ts',
    find: 'waiter.deadlineMs < endMs && waiter.base === undefined',
    replace: 'waiter.deadlineMs < endMs + 20_000 && (waiter.base = undefined) === undefined',
  },
  'waits for ever for an answer': {
    file: 'patience.ts',
    find: 'this.#giveUp?.();',
    replace: '',
  },
};

/** Of turns: whatever is wrong with them, nothing is lost by it. */
const unfair: Record<string, Defect> = {
  'never asks for a turn': {
    file: 'turns.ts',
    find: 'return !answered && losses >= least',
    replace: 'return answered && losses >= least',
  },
  'holds back for nobody': {
    file: 'turns.ts',
    find: 'const isFree = turn === undefined',
    replace: 'const isFree = turn !== null',
  },
  'holds back for ever': {
    file: 'turns.ts',
    find: 'this.#heldMs += Math.max(pauseMs, endMs - sinceMs);',
    replace: 'this.#heldMs *= Math.max(pauseMs, endMs - sinceMs);',
  },
  'leaves its mark when it is done': {
    file: 'turns.ts',
    find: 'return this.isOwn(turn) || this.#heldMs',
    replace: 'return this.#heldMs',
  },
};

describe('the simulation finds a swap that', () => {
  const remove: (() => void)[] = [];
  afterAll(() => {
    for (const one of remove) one();
  });

  it.each(Object.entries(defects))('%s', async (_, defect) => {
    const mutant = mutantOf('swap', defect);
    remove.push(mutant.remove);
    const { createSwap } = (await mutant.load('swapper.ts')) as typeof import('../../src/swap/swapper.ts');
    expect(await firstViolation(createSwap)).toBeDefined();
  });
});

describe('who writes beside what takes long', () => {
  it('is served', async () => {
    expect(await isFair()).toBe(true);
  });

  it.each(Object.entries(unfair))('is not, or serves not, where a swap %s', async (_, defect) => {
    const mutant = mutantOf('swap', defect);
    try {
      const { createSwap } = (await mutant.load('swapper.ts')) as typeof import('../../src/swap/swapper.ts');
      expect(await isFair(createSwap)).toBe(false);
    } finally {
      mutant.remove();
    }
  });
});

/** Whether small and long writes get through, and what one left behind that is there no more does not last. */
async function isFair(makeSwap?: MakeSwap): Promise<boolean> {
  const store = { getMs: 20, putMs: 60, writersEach: 1, durationMs: 20_000, ...(makeSwap && { makeSwap }) };
  const slow = { processes: 1, applyMs: 200, isLong: true };
  const beside = await takeTurns({ ...store, processes: 2, slow });
  const after = await takeTurns({ ...store, processes: 3, abandoned: true });
  return [...beside.commits, ...after.commits].every(commits => commits > 20);
}

async function firstViolation(createSwap: MakeSwap): Promise<string | undefined> {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { violations } = await simulateToy(seed, 'stormy', createSwap);
    if (violations[0] !== undefined) return violations[0];
  }
  return undefined;
}

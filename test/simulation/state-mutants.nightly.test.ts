import { afterAll, describe, expect, it } from 'vitest';
import { type Defect, mutantOf } from './mutate.ts';
import { simulateState } from './simulate-state.ts';
import type { MakeState } from './state-client.ts';

/** Seeds that are tried before a defect counts as overlooked. */
const SEEDS = 200;

const STATE = 'state/snapshot-state.ts';

const defects: Record<string, Defect> = {
  'does not look for its own transaction': {
    file: STATE,
    find: 'settle: async (current, base) => attempts.landed(current, base)',
    replace: 'settle: async () => undefined',
  },
  'takes whatever followed for its own': {
    file: STATE,
    find: 'settle: async (current, base) => attempts.landed(current, base)',
    replace: 'settle: async current => (await intent.apply(current)).result',
  },
  'forgets to note its transaction': {
    file: STATE,
    find: 'const writes = attempts.add(current, { value });',
    replace: 'const writes = current.writes; attempts.add(current, { value });',
  },
  'forgets the transactions of others': {
    file: STATE,
    find: 'const writes = attempts.add(current, { value });',
    replace: 'const writes = attempts.add(current, { value }).slice(-1);',
  },
  'goes on with a copy that was not stored': {
    file: 'state/open-image.ts',
    find: 'if (kept?.image !== image) return open(image, this.#options);\n    this.#kept = undefined;',
    replace: 'if (kept === undefined) return open(image, this.#options);\n    this.#kept = undefined;',
  },
  'reads a copy that is out of date': {
    file: 'state/open-image.ts',
    find: 'if (this.#kept?.image !== image) {',
    replace: 'if (this.#kept === undefined) {',
  },
  'keeps what was refused': {
    file: 'state/transactions.ts',
    find: "if (driver.inTransaction) driver.exec('rollback');",
    replace: "if (driver.inTransaction) driver.exec('commit');",
  },
  'does not store what it changed': {
    file: STATE,
    find: 'isChanged: totalChanges(driver) !== before',
    replace: 'isChanged: totalChanges(driver) === before',
  },
  'answers the first transaction though another one was first': {
    file: STATE,
    find: "if (!isKittiwakeError(error, 'object_exists')) throw error;",
    replace: "if (isKittiwakeError(error, 'object_exists')) return verdict.result;",
  },
  'says that a first transaction failed that was made': {
    file: STATE,
    find: "if (isKittiwakeError(error, 'object_absent')) return this.#submitFirst(intent);",
    replace: '',
  },
  'runs a migration again': {
    file: 'migrate.ts',
    find: '.slice(applied.length)',
    replace: '.slice(Math.max(0, applied.length - 1))',
  },
};

describe('the simulation finds a state that', () => {
  const remove: (() => void)[] = [];
  afterAll(() => {
    for (const one of remove) one();
  });

  it.each(Object.entries(defects))('%s', async (_, defect) => {
    expect(await firstViolation(await copyWith(defect), SEEDS)).toBeDefined();
  });

  it('has one of these defects, not one that has none', async () => {
    const engine = "readonly engine = 'snapshot';";
    const same = await copyWith({ file: STATE, find: engine, replace: engine });
    expect(await firstViolation(same, 50)).toBeUndefined();
  });

  async function copyWith(defect: Defect): Promise<MakeState> {
    const copy = mutantOf('db', defect);
    remove.push(copy.remove);
    const loaded = (await copy.load('state/snapshot-state.ts')) as { createSnapshotState: MakeState };
    return loaded.createSnapshotState;
  }
});

async function firstViolation(make: MakeState, seeds: number): Promise<string | undefined> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { violations } = await simulateState(seed, make);
    if (violations[0] !== undefined) return violations[0];
  }
  return undefined;
}

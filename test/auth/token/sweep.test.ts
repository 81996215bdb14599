import { expect, test } from 'vitest';
import { sweepTokens } from '../../../src/auth/token/sweep.ts';
import { systemRuntime } from '../../../src/core/runtime.ts';
import { createDiskByteStore } from '../../../src/storage/disk.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { temporaryFolder } from '../../support/git-command.ts';
import { ANNA, tokenBench, WIKI } from './token-support.ts';

const DAY_MS = 24 * 3600 * 1000;

const STORES = {
  memory: createMemoryByteStore,
  disk: () => createDiskByteStore({ folder: temporaryFolder(), runtime: systemRuntime }),
};

test.each(['memory', 'disk'] as const)(
  'tokens that ended a month ago are removed from %s, others stay',
  async kind => {
    const { make, service, store } = tokenBench({ store: STORES[kind]() });
    const [revoked, kept] = [await make(ANNA), await make(ANNA)];
    await make(ANNA, { expiresMs: systemRuntime.now() + DAY_MS });
    await service.as(ANNA).revoke(revoked.id);
    await store.put(`tokens/${WIKI}/x/${'1'.repeat(16)}.${'2'.repeat(64)}`, [Buffer.from('x')], {
      immutable: true,
    });
    const sweep = (days: number) =>
      sweepTokens(store, { wiki: WIKI, runtime: { now: () => systemRuntime.now() + days * DAY_MS } });
    expect([await sweep(0), await sweep(2), await sweep(29)]).toEqual([0, 1, 0]);
    expect((await service.as(ANNA).list({})).tokens).toHaveLength(3);
    expect([await sweep(32), await sweep(32)]).toEqual([2, 0]);
    const { tokens } = await service.as(ANNA).list({});
    expect(tokens.map(({ id }) => id)).toEqual([kept.id]);
    const left = [...(await store.list('auth/')).objects, ...(await store.list('tokens/')).objects];
    expect(left).toHaveLength(2);
    await service.as(ANNA).revoke(kept.id);
  },
);

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ByteStore, PutCondition, PutOutcome, Version } from '../../src/storage/byte-store.ts';
import { bytesOf, type ContractOptions, type CreateStore, textOf, versionOf } from './byte-store-values.ts';

/** Conditions, races and deletion. */
export function changesContract(create: CreateStore, options: ContractOptions): void {
  conditionContract(create, options);
  raceContract(create, options);
  deleteContract(create, options);
}

function conditionContract(create: CreateStore, options: ContractOptions): void {
  describe('writing on a condition', () => {
    test('an object is created once', async () => {
      const store = await create();
      await store.put('k/a', [bytesOf('one')], { ifAbsent: true });
      expect(await store.put('k/a', [bytesOf('two')], { ifAbsent: true })).toEqual({
        kind: 'conflict',
        reason: 'exists',
      });
      expect(await textOf(store, 'k/a')).toBe('one');
    });

    test('a swap needs the current version', async () => {
      const store = await create();
      const first = versionOf(await store.put('k', [bytesOf('one')], { ifAbsent: true }));
      const second = versionOf(await store.put('k', [bytesOf('two')], { ifMatch: first }));
      expect(second).not.toBe(first);
      for (const stale of [first, `${second}0`, 'nonsense', '']) {
        const outcome = await store.put('k', [bytesOf('late')], { ifMatch: stale });
        expect(outcome).toEqual({ kind: 'conflict', reason: 'changed' });
      }
      expect(await store.get('k')).toMatchObject({ version: second, bytes: bytesOf('two') });
    });

    test('a swap of what is absent is a conflict and creates nothing', async () => {
      const store = await create();
      const other = versionOf(await store.put('other', [bytesOf('x')], { ifAbsent: true }));
      for (const ifMatch of [other, 'nonsense']) {
        expect(await store.put('k/a', [bytesOf('x')], { ifMatch })).toEqual({
          kind: 'conflict',
          reason: options.goneReadsAsChanged ? 'changed' : 'gone',
        });
      }
      expect(await store.get('k/a')).toEqual({ kind: 'absent' });
    });

    test('an immutable object may be written again', async () => {
      const store = await create();
      await store.put('p/a.pack', [bytesOf('pack')], { immutable: true });
      expect(await store.put('p/a.pack', [bytesOf('pa'), bytesOf('ck')], { immutable: true })).toMatchObject({
        kind: 'stored',
      });
      expect(await textOf(store, 'p/a.pack')).toBe('pack');
    });

    test('a version does not return with the content', async () => {
      const store = await create();
      const again = options.versionsFollowContent ? 'A again' : 'A';
      const versions: Version[] = [versionOf(await store.put('k', [bytesOf('A')], { ifAbsent: true }))];
      for (const text of ['B', again, 'C', 'D', 'E', 'F', options.versionsFollowContent ? 'A, third' : 'A']) {
        const ifMatch = versions.at(-1) ?? '';
        versions.push(versionOf(await store.put('k', [bytesOf(text)], { ifMatch })));
      }
      expect(new Set(versions).size).toBe(versions.length);
      for (const ifMatch of versions.slice(0, -1)) {
        expect(await store.put('k', [bytesOf('late')], { ifMatch })).toMatchObject({ kind: 'conflict' });
        expect(await store.get('k', { ifNoneMatch: ifMatch })).toMatchObject({ kind: 'found' });
      }
    });

    test('random sequences of calls come out as in a map', async () => {
      const store = await create();
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(stepArbitrary, { maxLength: 30 }), async steps => {
          run += 1;
          await replay(store, `run-${run}/`, steps);
        }),
        { numRuns: 20 },
      );
    });
  });
}

interface Step {
  key: string;
  call: 'create' | 'swap' | 'stale swap' | 'delete' | 'read';
}

const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  key: fc.constantFrom('a', 'b', 'c/a'),
  call: fc.constantFrom('create', 'swap', 'swap', 'stale swap', 'delete', 'read'),
});

async function replay(store: ByteStore, prefix: string, steps: readonly Step[]): Promise<void> {
  const model = new Map<string, { version: Version; text: string }>();
  const past: Version[] = ['never'];
  for (const [index, { key: name, call }] of steps.entries()) {
    const key = prefix + name;
    const held = model.get(key);
    const text = `${index}`;
    if (call === 'delete') {
      await store.delete([key]);
      model.delete(key);
    } else if (call !== 'read') {
      const condition: PutCondition =
        call === 'create'
          ? { ifAbsent: true }
          : { ifMatch: (call === 'swap' ? held?.version : undefined) ?? past.at(index % past.length) ?? '' };
      const outcome = await store.put(key, [bytesOf(text)], condition);
      const wins =
        'ifAbsent' in condition
          ? held === undefined
          : 'ifMatch' in condition && condition.ifMatch === held?.version;
      expect(outcome.kind).toBe(wins ? 'stored' : 'conflict');
      if (outcome.kind === 'stored') {
        expect(past).not.toContain(outcome.version);
        past.push(outcome.version);
        model.set(key, { version: outcome.version, text });
      }
    }
    expect(await textOf(store, key)).toBe(model.get(key)?.text);
  }
  const listed = (await store.list(prefix)).objects.map(object => object.key);
  expect(listed).toEqual([...model.keys()].sort());
}

/** Repeats a put as long as it is answered "somebody else is at it, nothing was written". */
async function put(
  store: ByteStore,
  key: string,
  text: string,
  condition: PutCondition,
): Promise<PutOutcome> {
  for (;;) {
    const outcome = await store.put(key, [bytesOf(text)], condition);
    if (outcome.kind !== 'conflict' || outcome.reason !== 'concurrent') return outcome;
  }
}

function raceContract(create: CreateStore, options: ContractOptions): void {
  describe('racing writers', () => {
    const losing = options.losersMayBeUnknown ? ['conflict', 'unknown'] : ['conflict'];
    const fifty = Array.from({ length: 50 }, (_, index) => `writer ${index}`);

    test('of 50 creators exactly one wins', async () => {
      const store = await create();
      const outcomes = await Promise.all(fifty.map(text => put(store, 'k/a', text, { ifAbsent: true })));
      const winners = fifty.filter((_, index) => outcomes[index]?.kind === 'stored');
      expect(winners).toEqual([await textOf(store, 'k/a')]);
      expect(outcomes.filter(outcome => losing.includes(outcome.kind))).toHaveLength(49);
    });

    test('of 50 swaps of one version exactly one wins', async () => {
      const store = await create();
      const ifMatch = versionOf(await store.put('k', [bytesOf('start')], { ifAbsent: true }));
      const outcomes = await Promise.all(fifty.map(text => put(store, 'k', text, { ifMatch })));
      const winners = fifty.filter((_, index) => outcomes[index]?.kind === 'stored');
      expect(winners).toEqual([await textOf(store, 'k')]);
      expect(outcomes.filter(outcome => losing.includes(outcome.kind))).toHaveLength(49);
    });

    test('a counter raised by 8 writers loses nothing and counts nothing twice', async () => {
      const store = await create();
      const swaps = options.swapsPerWriter ?? 100;
      const none = JSON.stringify(Array.from({ length: 8 }, () => 0));
      await store.put('counter', [bytesOf(none)], { ifAbsent: true });
      await Promise.all(Array.from({ length: 8 }, (_, writer) => raise(store, writer, swaps, options)));
      expect(await textOf(store, 'counter')).toBe(JSON.stringify(Array.from({ length: 8 }, () => swaps)));
    }, 120_000);

    test('writers of different objects do not disturb each other', async () => {
      const store = await create();
      const outcomes = await Promise.all(
        fifty.map((text, index) => store.put(`k/${index}`, [bytesOf(text)], { ifAbsent: true })),
      );
      expect(outcomes.every(outcome => outcome.kind === 'stored')).toBe(true);
      expect(await Promise.all(fifty.map((_, index) => textOf(store, `k/${index}`)))).toEqual(fifty);
    });
  });
}

/** Raises one of the eight numbers, and fails when it ever is not what this writer made it. */
async function raise(
  store: ByteStore,
  writer: number,
  times: number,
  { losersMayBeUnknown = false }: ContractOptions,
): Promise<void> {
  let known = [0];
  for (;;) {
    const current = await store.get('counter');
    if (current.kind !== 'found') throw new Error(`the counter is ${current.kind}`);
    const counts: number[] = JSON.parse(current.bytes.toString());
    const own = counts[writer] ?? 0;
    if (!known.includes(own)) throw new Error(`writer ${writer} made it ${known.join(' or ')}, it is ${own}`);
    known = [own];
    if (own === times) return;
    const next = bytesOf(JSON.stringify(counts.with(writer, own + 1)));
    const outcome = await store.put('counter', [next], { ifMatch: current.version });
    if (outcome.kind === 'unknown' && !losersMayBeUnknown) throw outcome.cause;
    if (outcome.kind === 'stored') known = [own + 1];
    if (outcome.kind === 'unknown') known = [own, own + 1];
  }
}

function deleteContract(create: CreateStore, options: ContractOptions): void {
  describe('deleting', () => {
    test('deleted objects are gone and the others stay', async () => {
      const store = await create();
      for (const key of ['p/a', 'p/b', 'p/c']) await store.put(key, [bytesOf(key)], { immutable: true });
      for (const key of ['m/a', 'm/b']) await store.put(key, [bytesOf(key)], { ifAbsent: true });
      await store.delete(['p/a', 'm/b', 'p/c', 'p/never', 'never']);
      expect((await store.list('')).objects.map(object => object.key)).toEqual(['m/a', 'p/b']);
      expect(await store.get('p/a')).toEqual({ kind: 'absent' });
      expect(await store.get('m/b')).toEqual({ kind: 'absent' });
      expect(await textOf(store, 'm/a')).toBe('m/a');
    });

    test('any number of keys may be deleted, also none', async () => {
      const store = await create();
      await store.put('p/1000', [bytesOf('x')], { immutable: true });
      await store.delete([]);
      await store.delete(Array.from({ length: 1500 }, (_, index) => `p/${index}`));
      expect((await store.list('')).objects).toEqual([]);
    });

    test('a prefix is not a key', async () => {
      const store = await create();
      await store.put('a/b/c', [bytesOf('x')], { immutable: true });
      await store.put('a/d', [bytesOf('x')], { ifAbsent: true });
      await store.delete(['a', 'a/b']);
      expect((await store.list('')).objects.map(object => object.key)).toEqual(['a/b/c', 'a/d']);
    });

    test('an object that is created again has new versions', async () => {
      const store = await create();
      const seen: Version[] = [];
      for (let round = 0; round < 8; round += 1) {
        const text = options.versionsFollowContent ? `round ${round}` : 'same';
        const version = versionOf(await store.put('k', [bytesOf(text)], { ifAbsent: true }));
        for (const old of seen) {
          expect(await store.get('k', { ifNoneMatch: old })).toMatchObject({ kind: 'found' });
          expect(await store.put('k', [bytesOf('late')], { ifMatch: old })).toMatchObject({
            kind: 'conflict',
          });
        }
        seen.push(version);
        await store.delete(['k']);
        expect(await store.put('k', [bytesOf('late')], { ifMatch: version })).toEqual({
          kind: 'conflict',
          reason: options.goneReadsAsChanged ? 'changed' : 'gone',
        });
      }
      expect(new Set(seen).size).toBe(seen.length);
    });
  });
}

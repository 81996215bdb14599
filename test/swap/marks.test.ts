import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { snapshotFormat } from '../../src/db/state/snapshot.ts';
import { emptyLedger, ledgerFormat } from '../../src/git/ledger/ledger.ts';
import { type Document, documentFormat, newDocument } from '../../src/swap/document.ts';
import type { Format, Intent } from '../../src/swap/swap.ts';
import { createSwap } from '../../src/swap/swapper.ts';
import { append, emptyList, type List, listFormat } from './list.ts';
import { scriptedStore } from './scripted-store.ts';

const KEY = 'list';
const stamp = { uuid: 'u', seq: 7, nonce: 'n' };
const marked = { ...stamp, turn: '0123456789abcdef' };
const documents = documentFormat('note 1', body => body as string);

function decoded<V>(format: Format<V>, value: V, as: typeof stamp): unknown {
  return format.stampOf(format.decode(Buffer.concat(format.encode(value, as))));
}

describe('a mark', () => {
  it.each([
    ['ledgers', (as: typeof stamp) => decoded(ledgerFormat, emptyLedger(stamp), as)],
    ['documents', (as: typeof stamp) => decoded(documents, newDocument(systemRuntime, 'text'), as)],
    [
      'states',
      (as: typeof stamp) =>
        decoded(snapshotFormat, { stamp, writes: [], image: Buffer.from('an image') }, as),
    ],
  ])('is kept by %s, and absent where nobody asked', (_, through) => {
    expect(through(marked)).toEqual(marked);
    expect(through(stamp)).toEqual(stamp);
  });
});

function open(store = scriptedStore()) {
  const swap = createSwap<List>({ store, key: KEY, format: listFormat, runtime: systemRuntime });
  return { store, swap };
}

async function turnOf(store: ReturnType<typeof scriptedStore>): Promise<string | undefined> {
  const found = await store.get(KEY);
  return found.kind === 'found' ? listFormat.decode(found.bytes).stamp.turn : undefined;
}

/** Says that it takes long, and is overtaken by `other` the first time. */
function overtaken(word: string, other: () => Promise<unknown>, onApply: (turn: string | undefined) => void) {
  const { settle, apply } = append(word);
  let times = 0;
  const intent: Intent<List, number> = {
    isLong: true,
    settle,
    apply: async current => {
      times += 1;
      onApply(current.stamp.turn);
      if (times === 1) await other();
      return apply(current);
    },
  };
  return intent;
}

describe('an intent that takes long', () => {
  it('lands without a mark where nobody overtakes it', async () => {
    const { store, swap } = open();
    await swap.create(emptyList());
    const turns: unknown[] = [];
    await swap.submit(
      overtaken(
        'long',
        async () => {},
        turn => turns.push(turn),
      ),
    );
    expect(turns).toEqual([undefined]);
    expect(store.calls.puts).toBe(2);
  });

  it('marks the object once it was overtaken, and its swap removes the mark', async () => {
    const { store, swap } = open();
    await swap.create(emptyList());
    const other = open(scriptedStore(store)).swap;
    const turns: unknown[] = [];
    await swap.submit(
      overtaken(
        'long',
        () => other.submit(append('other')),
        turn => turns.push(turn),
      ),
    );
    expect(turns).toEqual([undefined, expect.stringMatching(/^[0-9a-f]{16}$/)]);
    expect(await turnOf(store)).toBeUndefined();
    expect((await other.read())?.value.words).toEqual(['other', 'long']);
  });

  it('removes the mark when it is refused in its turn, too', async () => {
    const { store, swap } = open();
    await swap.create(emptyList());
    const other = open(scriptedStore(store)).swap;
    const refusing = overtaken(
      'long',
      () => other.submit(append('other')),
      turn => {
        if (turn !== undefined) throw new Error('refused');
      },
    );
    await expect(swap.submit(refusing)).rejects.toThrow('refused');
    await swap.submit(append('after'));
    expect(await turnOf(store)).toBeUndefined();
    expect((await other.read())?.value.words).toEqual(['other', 'after']);
  });

  it('gets through when nobody knows what became of its mark', async () => {
    const { store, swap } = open();
    await swap.create(emptyList());
    const other = open(scriptedStore(store)).swap;
    const intent = overtaken(
      'long',
      async () => {
        await other.submit(append('other'));
        store.nextPut(put => put());
        store.nextPut(async () => ({ kind: 'unknown', cause: new Error('connection reset') }));
      },
      () => {},
    );
    await swap.submit(intent);
    expect((await other.read())?.value.words).toEqual(['other', 'long']);
  });
});

it('who meets a mark on a document whose owner is gone goes on after a while, and removes it', async () => {
  const store = scriptedStore();
  const first: Document<string> = newDocument(systemRuntime, 'text');
  const as = { ...first.stamp, seq: 1, nonce: '0'.repeat(32), turn: 'gone' };
  await store.put('notes/1', documents.encode(first, as), { ifAbsent: true });
  const swap = createSwap({ store, key: 'notes/1', format: documents, runtime: systemRuntime });
  await swap.submit({
    apply: async current => ({ kind: 'change', value: { ...current, body: 'changed' }, result: true }),
    settle: async current => (current.body === 'changed' ? true : undefined),
  });
  const { value } = (await swap.read()) ?? {};
  expect([value?.body, value?.stamp.turn]).toEqual(['changed', undefined]);
});

import { describe, expect, it } from 'vitest';
import { KittiwakeError } from '../../src/core/errors.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { type Document, documentFormat, documentIntent, newDocument } from '../../src/swap/document.ts';
import type { Swap } from '../../src/swap/swap.ts';
import { createSwap } from '../../src/swap/swapper.ts';
import { lost, type ScriptedStore, scriptedStore, unanswered } from './scripted-store.ts';

interface Draft {
  text: string;
}

const key = 'drafts/one';
const format = documentFormat('draft 1', body => body as Draft);
const code = (error: string) => expect.objectContaining({ code: error });

function open(store: ScriptedStore): Swap<Document<Draft>> {
  return createSwap({ store, key, format, runtime: systemRuntime });
}

function add(text: string) {
  return documentIntent<Draft, number>(systemRuntime, body => ({
    body: { text: body.text + text },
    result: body.text.length,
  }));
}

async function created(): Promise<{ store: ScriptedStore; swap: Swap<Document<Draft>> }> {
  const store = scriptedStore();
  const swap = open(store);
  await swap.create(newDocument(systemRuntime, { text: '' }));
  return { store, swap };
}

describe('a document', () => {
  it('is JSON with its format, its stamp and its body', async () => {
    const { store, swap } = await created();
    await swap.submit(add('a'));
    const found = await store.get(key);
    const text = found.kind === 'found' ? found.bytes.toString() : '{}';
    const { uuid, nonce } = swap.held()?.value.stamp ?? {};
    expect(JSON.parse(text)).toEqual({
      format: 'draft 1',
      uuid,
      seq: 2,
      nonce,
      writes: [[2, expect.stringMatching(/^[0-9a-f]{16}$/)]],
      body: { text: 'a' },
    });
  });

  it('is changed by many at once, and kept when there is nothing to change', async () => {
    const { store, swap } = await created();
    await Promise.all(['a', 'b', 'c'].map(text => swap.submit(add(text))));
    const puts = store.calls.puts;
    expect(await swap.submit(documentIntent(systemRuntime, ({ text }: Draft) => ({ result: text })))).toBe(
      'abc',
    );
    expect(store.calls.puts).toBe(puts);
  });

  it('refuses what the change refuses', async () => {
    const { swap } = await created();
    const refused = documentIntent<Draft, null>(systemRuntime, () => {
      throw new KittiwakeError('draft_closed', 'Changing the draft: it is closed');
    });
    await expect(swap.submit(refused)).rejects.toEqual(code('draft_closed'));
  });

  it('holds a write once whose outcome was unknown', async () => {
    const { store, swap } = await created();
    store.nextPut(unanswered);
    expect(await swap.submit(add('a'))).toBe(0);
    store.nextPut(lost);
    expect(await swap.submit(add('b'))).toBe(1);
    expect(swap.held()?.value.body.text).toBe('ab');
  });

  it('tells a writer when too many followed to know whether its write is there', async () => {
    const { store, swap } = await created();
    const other = open(store);
    store.nextPut(async () => {
      for (let time = 0; time < 70; time += 1) await other.submit(add('x'));
      return lost();
    });
    await expect(swap.submit(add('a'))).rejects.toEqual(code('outcome_unknown'));
  });

  it('remembers the writes of a bounded number of versions', async () => {
    const { swap } = await created();
    for (let time = 0; time < 70; time += 1) await swap.submit(add('x'));
    expect(swap.held()?.value.writes).toHaveLength(64);
  });

  it('of another format is refused', async () => {
    const { store } = await created();
    const swap = createSwap({
      store,
      key,
      format: documentFormat('token 1', body => body),
      runtime: systemRuntime,
    });
    await expect(swap.read()).rejects.toEqual(code('object_unreadable'));
  });
});

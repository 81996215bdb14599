import { describe, expect, it } from 'vitest';
import { type Runtime, randomId, systemRuntime } from '../../../src/core/runtime.ts';
import { createAfterProjection, type Listener } from '../../../src/projection/after/after-projection.ts';
import { createEventReader } from '../../../src/projection/event/event-reader.ts';
import { openStateDocument } from '../../../src/projection/state/state-document.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { commitFiles, newRepository } from '../../support/repository.ts';

const HOUR_MS = 3_600_000;

async function wikiWith(...listeners: Listener[]) {
  let aheadMs = 0;
  const runtime: Runtime = { ...systemRuntime, now: () => Date.now() + aheadMs };
  const store = createMemoryByteStore({ runtime });
  const uuid = randomId(runtime);
  const repository = await newRepository({ store, uuid, runtime });
  const newest = () => repository.view({ maxAgeMs: 0 });
  const projection = createAfterProjection({
    listeners: async () => listeners,
    stateOf: name =>
      openStateDocument({ store, uuid, runtime, name: `plugin-${name}`, own: null, parseOwn: () => null }),
    events: createEventReader(),
    runtime,
    timeoutMs: 100,
  });
  const all = { newest, deadlineMs: Number.POSITIVE_INFINITY };
  await projection.run(all);
  return {
    write: (files: Record<string, string>) => commitFiles(repository, files),
    run: () => projection.run(all),
    rebuild: () => projection.rebuild(all),
    condition: () => projection.condition(),
    later: (ms: number) => {
      aheadMs += ms;
    },
  };
}

function listener(name: string, told: string[], work: () => Promise<void> = async () => {}): Listener {
  return {
    name,
    async after(events) {
      told.push(events.map(({ file }) => file).join(' '));
      await work();
    },
  };
}

describe('plugins after a commit', () => {
  it('are told of each event in batches, oldest first, and of none twice', async () => {
    const told: string[] = [];
    const wiki = await wikiWith(listener('one', told));
    await wiki.write({ 'a.md': 'a', 'b.md': 'b' });
    await wiki.write({ 'c.md': 'c' });
    expect(await wiki.run()).toMatchObject({ listeners: 1, events: 3 });
    expect(await wiki.run()).toMatchObject({ events: 0 });
    expect(told).toEqual(['a.md b.md c.md']);
    const { cursor } = await wiki.condition();
    expect(cursor?.ordinal).toBe(1);
  });

  it('are nothing to wait for where none wants to be told', async () => {
    expect((await (await wikiWith()).condition()).isOff).toBe(true);
    expect((await (await wikiWith(listener('one', []))).condition()).isOff).toBe(false);
  });

  it('that fail, or take too long, keep no other from being told, and are told again', async () => {
    const [good, bad, slow]: [string[], string[], string[]] = [[], [], []];
    let isBroken = true;
    const wiki = await wikiWith(
      listener('bad', bad, async () => {
        if (isBroken) throw new Error('It is broken');
      }),
      listener('slow', slow, () => (isBroken ? new Promise(() => {}) : Promise.resolve())),
      listener('good', good),
    );
    const commit = await wiki.write({ 'a.md': 'a', 'b.md': 'b' });
    await wiki.run();
    const { setAside } = await wiki.condition();
    expect(setAside.map(({ item, message }) => `${item}: ${message}`)).toEqual([
      `bad/${commit}-0: It is broken`,
      `bad/${commit}-1: It is broken`,
      expect.stringMatching(`slow/${commit}-0: Telling the plugin "slow" of events: it was not done`),
      expect.stringMatching(`slow/${commit}-1: `),
    ]);
    isBroken = false;
    await wiki.run();
    expect(bad).toEqual(['a.md b.md']);
    wiki.later(HOUR_MS);
    await wiki.run();
    expect((await wiki.condition()).setAside).toEqual([]);
    // What was set aside comes back in any order.
    expect([bad, slow, good].map(([first, ...rest]) => [first, ...rest.sort()])).toEqual([
      ['a.md b.md', 'a.md', 'b.md'],
      ['a.md b.md', 'a.md', 'b.md'],
      ['a.md b.md'],
    ]);
  });

  it('are told nothing again by a rebuild', async () => {
    const told: string[] = [];
    const wiki = await wikiWith(listener('one', told));
    await wiki.write({ 'a.md': 'a' });
    await wiki.rebuild();
    await wiki.run();
    await wiki.write({ 'b.md': 'b' });
    await wiki.run();
    expect(told).toEqual(['b.md']);
  });
});

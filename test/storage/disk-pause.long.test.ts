import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PutOutcome } from '../../src/storage/byte-store.ts';
import { createDiskByteStore, type DiskByteStore } from '../../src/storage/disk.ts';
import { bytesOf, textOf } from '../contract/byte-store-values.ts';
import { fastFolder } from './temporary-folder.ts';
import { WriterProcess } from './writer-process.ts';

const key = 'ledger/wiki';

/** Adds one entry to the object's history; in this process nothing else writes, so it must work. */
async function append(store: DiskByteStore, text: string): Promise<void> {
  const current = await store.get(key);
  const outcome =
    current.kind === 'found'
      ? await store.put(key, [current.bytes, bytesOf(` ${text}`)], { ifMatch: current.version })
      : await store.put(key, [bytesOf(text)], { ifAbsent: true });
  expect(outcome.kind).toBe('stored');
}

async function appendMany(store: DiskByteStore, count: number): Promise<string[]> {
  const texts = Array.from({ length: count }, (_, index) => `other${index}`);
  for (const text of texts) await append(store, text);
  return texts;
}

/** What the object is before the writer begins. Enough versions that a swap tidies up. */
const starts = {
  swap: (store: DiskByteStore) => appendMany(store, 6),
  creation: async () => [],
};

/** The steps of one put, as the store itself names them. */
async function stepsOf(start: (store: DiskByteStore) => Promise<unknown>): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-steps-'));
  const steps: string[] = [];
  await start(createDiskByteStore({ folder }));
  await append(createDiskByteStore({ folder, onStep: name => steps.push(name) }), 'paused');
  rmSync(folder, { recursive: true });
  return steps;
}

const steps = { swap: await stepsOf(starts.swap), creation: await stepsOf(starts.creation) };

type Meanwhile = (store: DiskByteStore) => Promise<string[]>;

interface Paused {
  store: DiskByteStore;
  folder: string;
  /** The step before which the writer was stopped. */
  step: string;
  outcome: PutOutcome;
  /** The history when it was stopped. */
  before: string[];
  /** What the others wrote meanwhile. */
  others: string[];
}

/** For each step of a put: stops a writer before it, lets `meanwhile` happen, and lets the writer go on. */
async function pauseAtEveryStep(kind: keyof typeof starts, meanwhile: Meanwhile): Promise<Paused[]> {
  const folders = steps[kind].map(fastFolder);
  for (const folder of folders) await starts[kind](createDiskByteStore({ folder }));
  const writer = new WriterProcess({ kind: 'append', folders, key, text: 'paused', firstStep: 0 });
  const paused: Paused[] = [];
  for (const [index, folder] of folders.entries()) {
    const store = createDiskByteStore({ folder });
    await writer.said(2 * index + 1);
    await writer.stopped();
    const before = await historyOf(store);
    const others = await meanwhile(store);
    writer.signal('SIGCONT');
    await writer.said(2 * index + 2);
    const [stopped, outcome] = writer.events.slice(2 * index) as [{ stoppedBefore: string }, PutOutcome];
    paused.push({ store, folder, step: stopped.stoppedBefore, outcome, before, others });
  }
  await writer.ended();
  expect(paused.map(({ step }) => step)).toEqual(steps[kind]);
  return paused;
}

async function historyOf(store: DiskByteStore): Promise<string[]> {
  return ((await textOf(store, key)) ?? '').split(' ').filter(text => text !== '');
}

/** Nothing of the others is lost, and the writer's answer is true. */
async function checkTruth({ store, folder, step, outcome, before, others }: Paused): Promise<void> {
  const history = await historyOf(store);
  const label = JSON.stringify({ step, outcome, before: before.join(' '), history: history.join(' ') });
  const theirs = history.filter(text => text.startsWith('other'));
  expect(theirs.slice(theirs.length - others.length), label).toEqual(others);
  const count = history.filter(text => text === 'paused').length;
  const wasThere = before.includes('paused');
  expect(count, label).toBeLessThanOrEqual(1);
  if (outcome.kind === 'stored') expect(count === 1 || wasThere, label).toBe(true);
  if (outcome.kind === 'conflict') expect(count === 1 || wasThere, label).toBe(false);
  await append(store, 'after');
  expect(await historyOf(store), label).toEqual([...history, 'after']);
  expect(readdirSync(join(folder, '~tmp')), label).toEqual([]);
  expect((await store.list('')).objects.map(object => object.key)).toEqual([key]);
}

describe('a writer that is paused before any step of a put', () => {
  test('the steps are those of the store', () => {
    expect(steps.swap).toEqual(
      expect.arrayContaining(['write', 'sync file', 'link', 'verify', 'sync folder', 'tidy']),
    );
    expect(steps.creation).toEqual(expect.arrayContaining(['write', 'sync file', 'rename', 'sync folder']));
  });

  const interruptions: [string, Meanwhile][] = [
    ['100 swaps', store => appendMany(store, 100)],
    ['one swap', store => appendMany(store, 1)],
    ['five swaps', store => appendMany(store, 5)],
    ['nothing', async () => []],
    [
      'a sweep of temporary files',
      async store => {
        await store.sweep(-1000);
        return appendMany(store, 2);
      },
    ],
    [
      'deletion, creation and 8 swaps',
      async store => {
        await store.delete([key]);
        return appendMany(store, 8);
      },
    ],
    [
      'deletion, creation and fewer swaps than before',
      async store => {
        await store.delete([key]);
        return appendMany(store, 3);
      },
    ],
    [
      'deletion',
      async store => {
        await store.delete([key]);
        return [];
      },
    ],
  ];

  for (const kind of ['swap', 'creation'] as const) {
    test.each(interruptions)(`${kind}: %s in between lose nothing`, async (_, meanwhile) => {
      for (const paused of await pauseAtEveryStep(kind, meanwhile)) await checkTruth(paused);
    });
  }

  test('it wins only when nobody went on before it had its number', async () => {
    const paused = await pauseAtEveryStep('swap', store => appendMany(store, 100));
    const link = steps.swap.indexOf('link');
    const kinds = paused.map(({ outcome }) => outcome.kind);
    expect(kinds.slice(0, link + 1)).toEqual(Array.from({ length: link + 1 }, () => 'conflict'));
    expect(kinds.slice(link + 1)).not.toContain('conflict');
    for (const { before } of paused.slice(link + 1)) expect(before).toContain('paused');
  });
});

describe('a writer that dies before any step of a put', () => {
  test.each(['swap', 'creation'] as const)(
    '%s: the others go on, and its temporary file is swept',
    async kind => {
      await Promise.all(
        steps[kind].map(async (_, step) => {
          const folder = fastFolder();
          const store = createDiskByteStore({ folder });
          await starts[kind](store);
          const writer = new WriterProcess({
            kind: 'append',
            folders: [folder],
            key,
            text: 'paused',
            firstStep: step,
          });
          await writer.said(1);
          await writer.stopped();
          writer.signal('SIGKILL');
          await writer.ended();
          const others = await appendMany(store, 10);
          expect((await historyOf(store)).slice(-10)).toEqual(others);
          expect((await store.list('')).objects.map(object => object.key)).toEqual([key]);
          await store.sweep(-1000);
          expect(readdirSync(join(folder, '~tmp'))).toEqual([]);
        }),
      );
    },
  );
});

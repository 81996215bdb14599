import { writeSync } from 'node:fs';
import type { ByteStore, PutOutcome } from '../../src/storage/byte-store.ts';
import { createDiskByteStore } from '../../src/storage/disk.ts';

/**
 * A writer in a process of its own, for the tests of the disk store: `node disk-writer.ts <task as JSON>`. It answers
 * with one line of JSON per event, written at once, so that what it has said survives its death.
 */
export type WriterTask =
  /** One put in each folder, with a stop (SIGSTOP) before the step `firstStep` in the first, the next in the next … */
  | { kind: 'append'; folders: string[]; key: string; text: string; firstStep: number }
  /** `swaps` increments of the counter, each as an operation with a name; says the names of its successes. */
  | { kind: 'count'; folder: string; key: string; writer: string; swaps: number }
  /** Tries to create all of these; says which ones it created. */
  | { kind: 'create'; folder: string; keys: string[]; text: string }
  /** Swaps for ever: every version is `size` bytes of text that repeats its number; says each acknowledged number. */
  | { kind: 'loop'; folder: string; key: string; size: number }
  /** One call of each sort; says the errors. */
  | { kind: 'probe'; folder: string; key: string };

function say(event: unknown): void {
  writeSync(1, `${JSON.stringify(event)}\n`);
}

/** The text of a mutable object is a list of entries, one per swap: its own history. */
async function append(store: ByteStore, key: string, text: string): Promise<PutOutcome> {
  const current = await store.get(key);
  if (current.kind !== 'found') return store.put(key, [Buffer.from(text)], { ifAbsent: true });
  return store.put(key, [current.bytes, Buffer.from(` ${text}`)], { ifMatch: current.version });
}

async function count(store: ByteStore, task: WriterTask & { kind: 'count' }): Promise<void> {
  for (let index = 0; index < task.swaps; index += 1) {
    const text = `${task.writer}.${index}`;
    for (;;) {
      const outcome = await append(store, task.key, text);
      if (outcome.kind === 'stored') break;
      if (outcome.kind === 'conflict') continue;
      const settled = await store.get(task.key);
      if (settled.kind === 'found' && settled.bytes.toString().split(' ').includes(text)) break;
    }
    say(text);
  }
}

async function create(store: ByteStore, task: WriterTask & { kind: 'create' }): Promise<void> {
  for (const key of task.keys) {
    const outcome = await store.put(key, [Buffer.from(task.text)], { ifAbsent: true });
    if (outcome.kind === 'stored') say(key);
  }
}

async function loop(store: ByteStore, task: WriterTask & { kind: 'loop' }): Promise<void> {
  for (;;) {
    const current = await store.get(task.key);
    if (current.kind !== 'found') throw new Error(`the object is ${current.kind}`);
    const number = Number(current.bytes.toString().split(' ', 1)[0]) + 1;
    const body = Buffer.alloc(task.size, `${number} `);
    const outcome = await store.put(task.key, [body], { ifMatch: current.version });
    if (outcome.kind !== 'stored') throw new Error(outcome.kind);
    say(number);
  }
}

async function probe(store: ByteStore, key: string): Promise<void> {
  const calls = {
    get: () => store.get(key),
    immutable: () => store.put(`${key}.pack`, [Buffer.from('x')], { immutable: true }),
    create: () => store.put(`${key}2`, [Buffer.from('x')], { ifAbsent: true }),
    list: () => store.list(''),
    delete: () => store.delete([key]),
  };
  for (const [name, call] of Object.entries(calls)) {
    const error: unknown = await call().then(
      () => undefined,
      reason => reason,
    );
    say({ ...(error instanceof Error ? { ...error, message: error.message } : {}), call: name });
  }
}

/** Says the step before which it stops, and then the outcome. */
async function appendWithStop(folder: string, key: string, text: string, stopAtStep: number): Promise<void> {
  let step = 0;
  const onStep = (name: string): void => {
    if (step++ !== stopAtStep) return;
    say({ stoppedBefore: name });
    process.kill(process.pid, 'SIGSTOP');
  };
  say(await append(createDiskByteStore({ folder, onStep }), key, text));
}

async function run(task: WriterTask): Promise<void> {
  if (task.kind === 'append') {
    for (const [index, folder] of task.folders.entries()) {
      await appendWithStop(folder, task.key, task.text, task.firstStep + index);
    }
    return;
  }
  const store = createDiskByteStore({ folder: task.folder });
  if (task.kind === 'count') await count(store, task);
  else if (task.kind === 'create') await create(store, task);
  else if (task.kind === 'loop') await loop(store, task);
  else await probe(store, task.key);
}

await run(JSON.parse(process.argv[2] ?? '{}'));

import { expect, test } from 'vitest';
import { type Runtime, systemRuntime } from '../../src/core/runtime.ts';
import { examine } from '../../src/git/doctor/doctor.ts';
import { type LedgerRepository, openRepository } from '../../src/git/open.ts';
import { eraseOld } from '../../src/git/purge/erase-old.ts';
import { purgeHistory } from '../../src/git/purge/purge.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { commitFiles, newRepository } from '../support/repository.ts';
import { another, filesWith, historyOf, SECRET, SECRET_BLOB } from './purge-support.ts';

const CHANGING = ['put', 'upload', 'delete'];

/** What a process has that dies right before its call number `last` that changes something. */
function dyingProcess(store: ByteStore, last: number) {
  const death = Promise.withResolvers<void>();
  const never = new Promise<never>(() => {});
  let calls = 0;
  let isDead = false;
  const dying = new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (CHANGING.includes(String(name))) calls += 1;
        isDead ||= calls >= last;
        if (isDead) death.resolve();
        return isDead ? never : value.apply(target, args);
      };
    },
  });
  const runtime: Runtime = {
    ...systemRuntime,
    sleep: ms => (isDead ? never : systemRuntime.sleep(ms)),
  };
  return { store: dying, runtime, died: death.promise, calls: () => calls };
}

async function leakyWiki(): Promise<LedgerRepository> {
  const repository = await newRepository({ flush: null });
  await commitFiles(repository, { 'a.md': 'a', 'docs/b.md': 'b' });
  await commitFiles(repository, { 'docs/secret.md': SECRET });
  await repository.flusher.flush();
  await commitFiles(repository, { 'a.md': 'again' });
  return repository;
}

async function purge(repository: LedgerRepository): Promise<void> {
  await purgeHistory(repository, { paths: ['docs/secret.md'], blobs: [] });
  await eraseOld(repository, []);
}

const open = ({ uuid }: LedgerRepository, { store, runtime }: { store: ByteStore; runtime: Runtime }) =>
  openRepository({ store, uuid, runtime, flush: null });

test('a purge that dies before any call of the store leaves a sound wiki, and the next one finishes it', async () => {
  const counted = await leakyWiki();
  const whole = dyingProcess(counted.store, Number.POSITIVE_INFINITY);
  await purge(open(counted, whole));
  expect(whole.calls()).toBeGreaterThan(8);
  for (let last = 1; last <= whole.calls(); last += 1) {
    const wiki = await leakyWiki();
    const dying = dyingProcess(wiki.store, last);
    void purge(open(wiki, dying));
    await dying.died;
    const { findings } = await examine(another(wiki));
    expect(
      findings.filter(({ severity }) => severity === 'error'),
      `at call ${last}`,
    ).toEqual([]);
    const { files, log } = await historyOf(another(wiki));
    expect(files, `at call ${last}`).toMatchObject({ 'a.md': 'again', 'docs/b.md': 'b' });
    await purge(another(wiki));
    expect(await filesWith(another(wiki), SECRET_BLOB), `at call ${last}`).toEqual([]);
    const after = await historyOf(another(wiki));
    expect(after, `at call ${last}`).toEqual({ log, files: { 'a.md': 'again', 'docs/b.md': 'b' } });
  }
});

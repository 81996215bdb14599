import { expect, test } from 'vitest';
import { KittiwakeError } from '../../src/core/errors.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import type { Remote } from '../../src/remote/remote.ts';
import type { Remotes } from '../../src/remote/remotes.ts';
import { syncRemote } from '../../src/remote/sync.ts';
import { newRepository } from '../support/repository.ts';

const TIMEOUT_MS = 60_000;

const remote: Remote = {
  name: 'host',
  url: 'https://git.example.org/wiki.git',
  branch: '',
  pull: true,
  push: false,
  everyMinutes: 0,
  afterCommits: false,
  webhook: false,
  prefer: 'ours',
  credentials: '',
  active: true,
  createdMs: 0,
  changedMs: 0,
  createdBy: 'somebody',
  status: { failures: 0, conflicts: [] },
};

/** Remotes of a process, and runs that are at work until they are ended. */
async function runs() {
  let [nowMs, all]: [number, readonly Remote[]] = [1_000_000, [remote]];
  const remotes: Remotes = {
    list: async () => all,
    change: async decide => {
      const change = decide(all);
      all = change.remotes ?? all;
      return change.result;
    },
  };
  const repository = await newRepository();
  const runtime = { ...systemRuntime, now: () => nowMs };
  const begin = () => {
    const { promise, reject } = Promise.withResolvers<never>();
    const reach = () => promise;
    const options = { pull: true, push: false, timeoutMs: TIMEOUT_MS };
    const outcome = syncRemote({ remotes, repository, runtime, reach }, 'host', options);
    return { outcome, end: () => reject(new KittiwakeError('remote_unreachable', 'It is not there')) };
  };
  return {
    begin,
    now: () => all[0] as Remote,
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}

test('while a run is at work another one is refused', async () => {
  const { begin, now } = await runs();
  const first = begin();
  await expect(begin().outcome).rejects.toMatchObject({ code: 'remote_busy' });
  first.end();
  await expect(first.outcome).rejects.toMatchObject({ code: 'remote_unreachable' });
  expect(now().status.failures).toBe(1);
  expect(now().lease).toBeUndefined();
});

test('a run that slept so long that another one took its place leaves no trace of its end', async () => {
  const { begin, now, wait } = await runs();
  const sleeper = begin();
  wait(TIMEOUT_MS + 60_000);
  const other = begin();
  await Promise.resolve();
  const { lease } = now();
  sleeper.end();
  await expect(sleeper.outcome).rejects.toMatchObject({ code: 'remote_unreachable' });
  expect(now().lease).toEqual(lease);
  expect(now().status.failures).toBe(0);
  other.end();
  await expect(other.outcome).rejects.toMatchObject({ code: 'remote_unreachable' });
  expect(now().lease).toBeUndefined();
  expect(now().status.failures).toBe(1);
});

import { once } from 'node:events';
import { createServer, request as requestTo } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { backOffMs } from '../../src/remote/back-off.ts';
import { dueOf } from '../../src/remote/due.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { gitHost } from '../support/git-host.ts';
import { type RemoteWiki, remoteWiki } from './remote-wiki.ts';

const remote: Remote = {
  name: 'host',
  url: 'https://git.example.org/wiki.git',
  branch: '',
  pull: true,
  push: true,
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
const HEAD = 'a'.repeat(40);

async function runProjections(wiki: RemoteWiki) {
  const { list } = await wiki.service.projections();
  const remotes = list.find(({ name }) => name === 'remotes');
  if (remotes === undefined) throw new Error('there is no projection of that name');
  const newest = async () => (await wiki.service.repository()).view({ maxAgeMs: 0 });
  return {
    counts: await remotes.run({ newest, deadlineMs: Infinity }),
    condition: await remotes.condition(),
  };
}

test('failures in a row double the time until the next attempt, up to six hours', () => {
  expect([1, 2, 3, 30].map(failures => backOffMs(failures, 0))).toEqual([
    30_000, 60_000, 120_000, 21_600_000,
  ]);
  expect(backOffMs(1, 1)).toBe(22_500);
});

test('what is due depends on the schedule, on commits, on what was asked for and on failures', () => {
  const due = (change: Partial<Remote>, nowMs = 10 * 60_000) => dueOf({ ...remote, ...change }, HEAD, nowMs);
  const both = { pull: true, push: true };
  expect(due({})).toBeUndefined();
  expect(due({ everyMinutes: 10 })).toEqual(both);
  expect(due({ everyMinutes: 11 })).toBeUndefined();
  expect(due({ afterCommits: true })).toEqual({ pull: false, push: true });
  const pushed = { ...remote.status, pushed: HEAD };
  expect(due({ afterCommits: true, status: pushed })).toBeUndefined();
  expect(due({ active: false, everyMinutes: 1 })).toBeUndefined();
  expect(due({ everyMinutes: 1, lease: { id: 'x', untilMs: 11 * 60_000 } })).toBeUndefined();
  expect(due({ everyMinutes: 1, lease: { id: 'x', untilMs: 9 * 60_000 } })).toEqual(both);
  const failed = { ...remote.status, failures: 1, lastAttemptMs: 9 * 60_000, nextMs: 11 * 60_000 };
  expect(due({ everyMinutes: 1, status: failed })).toBeUndefined();
  expect(due({ everyMinutes: 60, status: failed }, 11 * 60_000)).toEqual(both);
  const requested = { atMs: 9.5 * 60_000, pull: true, push: false };
  expect(due({ status: failed, requested })).toEqual({ pull: true, push: false });
});

test('commits are pushed after they were made, and the schedule pulls', async () => {
  const [host, wiki] = [await gitHost(), await remoteWiki()];
  host.commit({ 'home.md': 'h\n' });
  await wiki.connect(host.url, { afterCommits: true, everyMinutes: 1 });
  // A new remote has its first turn at once.
  expect((await runProjections(wiki)).counts).toMatchObject({ pulled: 1, failed: 0 });
  await wiki.write('home', 'changed\n');
  const { counts, condition } = await runProjections(wiki);
  expect(counts).toMatchObject({ pushed: 1, failed: 0 });
  expect(host.text('home.md')).toBe('changed\n');
  expect(condition).toMatchObject({ isOff: false, setAside: [], cursor: { head: await wiki.head() } });
  expect((await runProjections(wiki)).counts).toMatchObject({ pulled: 0, pushed: 0 });
});

test('an outage is told, keeps nothing else from running, and is over when the host is back', async () => {
  const host = await gitHost();
  const proxy = await proxyTo(host.url);
  const wiki = await remoteWiki();
  await wiki.connect(proxy.url, { afterCommits: true });
  await wiki.write('home', 'one\n');
  proxy.breaks = 'always';
  const { counts, condition } = await runProjections(wiki);
  expect(counts).toMatchObject({ failed: 1 });
  expect(condition.setAside).toMatchObject([{ item: 'host', code: 'remote_unreachable', attempts: 1 }]);
  // It waits, whatever is committed meanwhile.
  await wiki.write('home', 'two\n');
  expect((await runProjections(wiki)).counts).toMatchObject({ failed: 0, pushed: 0 });
  proxy.breaks = 'never';
  expect((await wiki.push()).push?.outcome).toBe('pushed');
  expect((await runProjections(wiki)).condition.setAside).toEqual([]);
  expect(host.text('home.md')).toBe('two\n');
});

test('a push whose answer was lost has arrived, and is not made again', async () => {
  const host = await gitHost();
  const proxy = await proxyTo(host.url);
  const wiki = await remoteWiki();
  await wiki.connect(proxy.url);
  await wiki.write('home', 'one\n');
  proxy.breaks = 'after pushes';
  await expect(wiki.push()).rejects.toMatchObject({ code: 'remote_unreachable' });
  proxy.breaks = 'never';
  expect(host.run('rev-parse', 'main')).toBe(await wiki.head());
  expect((await wiki.push()).push?.outcome).toBe('up_to_date');
});

test('one run works on a remote at a time, and one that has died is waited for no longer than it may take', async () => {
  const [host, wiki] = [await gitHost(), await remoteWiki()];
  host.commit({ 'home.md': 'h\n' });
  await wiki.connect(host.url);
  const outcomes = await Promise.allSettled([wiki.pull(), wiki.pull(), wiki.pull()]);
  expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
  expect(await wiki.text('home')).toBe('h\n');
  await runProjections(wiki);
  expect((await wiki.call('GET', '/remotes/host')).body).toMatchObject({ running: false, requested: false });
});

/** A way to another server that can break. */
async function proxyTo(url: string) {
  const target = new URL(url);
  const state = { url: '', breaks: 'never' as 'never' | 'always' | 'after pushes' };
  const server = createServer((request, response) => {
    if (state.breaks === 'always') {
      request.socket.destroy();
      return;
    }
    const { method, headers, url: path } = request;
    const onward = requestTo({ host: '127.0.0.1', port: target.port, method, path, headers }, answer => {
      const isPush = method === 'POST' && path?.endsWith('git-receive-pack');
      if (isPush && state.breaks === 'after pushes') {
        answer.resume().on('end', () => request.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${target.pathname}`;
  return state;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Service } from '../../src/lazy/app.ts';
import { connectionsOf, roundTrips } from '../support/s3-server/request-log.ts';
import type { S3Server } from '../support/s3-server/server.ts';
import { s3ServerForTest } from '../support/s3-server.ts';
import { commitPage } from '../support/stored-wiki.ts';
import {
  ask,
  environmentOf,
  freshService,
  type Lines,
  prepareWiki,
  seen,
  upload,
} from './round-trips-support.ts';

/** A server with a small wiki, and processes that serve it. */
async function smallWiki(
  latencyMs = 0,
): Promise<{ server: S3Server; fresh(): Lines; uuid: string; data: string }> {
  const server = await s3ServerForTest();
  const wiki = await prepareWiki();
  for (const name of ['home', 'a', 'b', 'c', 'd'])
    await commitPage(wiki.repository, `${name}.md`, `${name}\n`);
  await wiki.repository.flusher.flush();
  await upload(wiki, server);
  server.requests.clear();
  server.switches.latencyMs = latencyMs;
  const data = mkdtempSync(join(tmpdir(), 'kittiwake-timing-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const { uuid } = wiki.repository;
  return { server, uuid, data, fresh: () => freshService(environmentOf(server, uuid, data)) };
}

/** What Server-Timing says of the store. */
function storageOf(headers: Record<string, string>): string | undefined {
  return /storage;dur=[\d.]+;desc="([^"]+)"/.exec(headers['server-timing'] ?? '')?.[1];
}

function counted(server: S3Server): string {
  const records = [...server.requests.all];
  const sum = (key: 'receivedBytes' | 'sentBytes') =>
    `${(records.reduce((bytes, record) => bytes + record[key], 0) / 1000).toFixed(1)} kB`;
  const connects = connectionsOf(records);
  return [
    `${records.length} request${records.length === 1 ? '' : 's'}`,
    `${roundTrips(records)} in sequence`,
    `${connects} connect${connects === 1 ? '' : 's'}`,
    `${sum('receivedBytes')} sent`,
    `${sum('sentBytes')} received`,
  ].join(', ');
}

test('a request is told what it asked of the store, as the server saw it', async () => {
  const { server, fresh } = await smallWiki(20);
  const { service, lines } = fresh();
  let cold = { headers: {} as Record<string, string> };
  await seen(server, async () => {
    cold = await ask(service, 'GET', '/pages/home');
  });
  expect(storageOf(cold.headers)).toBe(counted(server));
  const warm = await ask(service, 'GET', '/pages/home');
  expect(storageOf(warm.headers)).toBe('1 request, 1 in sequence, 0 connects, 0.0 kB sent, 0.0 kB received');
  const logged = lines.filter(({ event }) => event === 'request').map(({ storage }) => storage);
  expect(logged[0]).toMatchObject({ requests: server.requests.all.length - 1 });
  expect(logged[1]).toEqual({ requests: 1, sequence: 1, connects: 0, sentBytes: 0, receivedBytes: 0 });
});

test('a caller who is not known is told nothing', async () => {
  const { fresh } = await smallWiki();
  const { service } = fresh();
  const { status, headers } = await ask(service, 'GET', '/pages/home', undefined, {
    authorization: 'Bearer another-key',
  });
  expect([status, headers['server-timing']]).toEqual([401, undefined]);
});

test('requests that run at the same time are told of their own calls alone', async () => {
  const { server, fresh } = await smallWiki(10);
  const { service } = fresh();
  await ask(service, 'GET', '/pages/home');
  server.requests.clear();
  const names = ['a', 'b', 'c', 'd'];
  const answers = await Promise.all(names.map(name => ask(service, 'GET', `/pages/${name}`)));
  const requests = answers.map(({ headers }) => Number(storageOf(headers)?.split(' ')[0]));
  expect(requests.every(count => count <= 3)).toBe(true);
  expect(requests.reduce((sum, count) => sum + count, 0)).toBe(server.requests.all.length);
});

test('the put of a group is told to each of its writers, and named as shared', async () => {
  const { server, fresh } = await smallWiki(30);
  const { service } = fresh();
  await ask(service, 'PUT', '/pages/first', { content: 'First.\n' });
  server.requests.clear();
  const names = ['one', 'two', 'three', 'four', 'five', 'six'];
  const answers = await Promise.all(
    names.map(name => ask(service, 'PUT', `/pages/${name}`, { content: `${name}\n` })),
  );
  expect(answers.map(({ status }) => status)).toEqual(names.map(() => 201));
  const told = answers.map(({ headers }) => storageOf(headers) ?? '');
  const puts = server.requests.of('PutObject').length;
  expect(puts).toBeLessThan(names.length);
  const shared = told.flatMap(text => /shared by (\d) writes/.exec(text)?.[1] ?? []).map(Number);
  expect(shared.length).toBeGreaterThan(1);
  for (const text of told) expect(text).toMatch(/^1 request, 1 in sequence/);
});

test('the ledger is asked for before the body of a request was read', async () => {
  const { server, fresh } = await smallWiki();
  const { service } = fresh();
  server.requests.clear();
  let gets = 0;
  async function* body() {
    while (server.requests.all.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
    gets = server.requests.all.length;
    yield Buffer.from(JSON.stringify({ content: 'New.\n' }));
  }
  const answer = await service.app.handle({
    method: 'PUT',
    path: '/api/v1/pages/new',
    query: '',
    headers: { authorization: 'Bearer test-key', 'content-type': 'application/json' },
    body: body(),
  });
  expect([answer.status, gets]).toEqual([201, 1]);
  const ledgers = server.requests.all.filter(({ key }) => key.startsWith('ledger/'));
  expect(ledgers.map(({ method }) => method)).toEqual(['GET', 'PUT']);
});

test('an answer leaves nothing under way at the store', async () => {
  const { server, fresh } = await smallWiki(50);
  const { service } = fresh();
  server.requests.clear();
  const { status } = await ask(service, 'PUT', '/pages/new', { contents: 'misspelt' });
  expect(status).toBe(422);
  const records = [...server.requests.all];
  expect(records.map(({ method }) => method)).toEqual(['GET']);
  expect(records.every(({ endedMs }) => Number.isFinite(endedMs))).toBe(true);
});

test('what another process wrote after a reading in advance is seen', async () => {
  const { server, fresh } = await smallWiki();
  const early = fresh().service;
  early.prefetch();
  await expect.poll(() => hasRead(server)).toBe(true);
  await rewrite(fresh().service, 'home', 'Written meanwhile.\n');
  expect((await ask(early, 'GET', '/pages/home')).body.content).toBe('Written meanwhile.\n');
});

test('a reading in advance saves a write its own', async () => {
  const { server, fresh } = await smallWiki();
  const { service } = fresh();
  service.prefetch();
  await service.wiki();
  await expect.poll(() => hasRead(server)).toBe(true);
  const told = await seen(server, () => ask(service, 'PUT', '/pages/new', { content: 'New.\n' }));
  expect(told.calls.filter(call => call.endsWith('ledger'))).toEqual(['PUT ledger']);
});

test('a reading in advance that fails is tried again by the request', async () => {
  const { server, fresh } = await smallWiki();
  server.switches.permissions = () => false;
  const { service } = fresh();
  service.prefetch();
  await expect.poll(() => server.requests.all.some(({ status }) => status === 403)).toBe(true);
  server.switches.permissions = () => true;
  expect((await ask(service, 'GET', '/pages/home')).body.content).toBe('home\n');
});

/** The ledger was asked for, and the answer sent. */
function hasRead(server: S3Server): boolean {
  return server.requests.all.some(
    ({ key, endedMs }) => key.startsWith('ledger/') && Number.isFinite(endedMs),
  );
}

async function rewrite(service: Service, path: string, content: string): Promise<void> {
  const { revision } = (await ask(service, 'GET', `/pages/${path}`)).body;
  expect((await ask(service, 'PUT', `/pages/${path}`, { content, revision })).status).toBe(200);
}

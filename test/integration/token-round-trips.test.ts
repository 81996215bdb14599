import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPERATOR } from '../../src/auth/principal.ts';
import { type Runtime, systemRuntime } from '../../src/core/runtime.ts';
import { type S3Server, startS3Server } from '../support/s3-server/server.ts';
import { commitPage } from '../support/stored-wiki.ts';
import { ask, environmentOf, freshService, KEY, prepareWiki, seen, upload } from './round-trips-support.ts';

/** What the check of a token costs, as the store sees it. */

const LATENCY_MS = 20;
const data = mkdtempSync(join(tmpdir(), 'kittiwake-tokens-'));

let server: S3Server;
let uuid: string;
let token: string;

beforeAll(async () => {
  server = await startS3Server();
  const wiki = await prepareWiki();
  uuid = wiki.repository.uuid;
  for (const name of ['one', 'two', 'three', 'four'])
    await commitPage(wiki.repository, `${name}.md`, 'Page.\n');
  await upload(wiki, server);
  token = await makeToken('Writer');
  server.switches.latencyMs = LATENCY_MS;
});

afterAll(async () => {
  await server.stop();
  rmSync(data, { recursive: true, force: true });
});

/** A process that has just started. */
const fresh = (runtime?: Runtime) => freshService(environmentOf(server, uuid, data), runtime).service;

async function makeToken(name: string): Promise<string> {
  const tokens = (await fresh().tokens()).as(OPERATOR);
  return (await tokens.create({ name, rights: ['write'] })).text;
}

/** A clock that is set forward by hand. */
function movedRuntime(): { runtime: Runtime; forward(ms: number): void } {
  let offsetMs = 0;
  const runtime = { ...systemRuntime, now: () => systemRuntime.now() + offsetMs };
  const forward = (ms: number) => {
    offsetMs += ms;
  };
  return { runtime, forward };
}

const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

async function revisionOf(path: string): Promise<string> {
  return (await ask(fresh(), 'GET', `/pages/${path}`)).body.revision;
}

async function put(service: ReturnType<typeof fresh>, path: string, text: string, revision: string) {
  const content = `Written ${Math.random()}.\n`;
  const { status, body } = await ask(service, 'PUT', `/pages/${path}`, { content, revision }, bearer(text));
  expect([status, body.error]).toEqual([200, undefined]);
  return body.revision as string;
}

test('a warm write with a token is one put', async () => {
  const service = fresh();
  const revision = await put(service, 'one', token, await revisionOf('one'));
  const warm = await seen(server, () => put(service, 'one', token, revision));
  expect(warm.calls).toEqual(['PUT ledger']);
});

test('a token that was checked a while ago is checked again beside the write', async () => {
  const { runtime, forward } = movedRuntime();
  const service = fresh(runtime);
  const revision = await put(service, 'two', token, await revisionOf('two'));
  forward(10_000);
  const warm = await seen(server, () => put(service, 'two', token, revision));
  expect(warm.calls.toSorted()).toEqual(['GET auth 304', 'PUT ledger']);
  expect(warm.inSequence).toBe(1);
});

test('a cold write with a token has as many round trips in sequence as one with the key', async () => {
  const [keyed, scoped] = [await revisionOf('three'), await revisionOf('four')];
  const withKey = await seen(server, () => put(fresh(), 'three', KEY, keyed));
  const withToken = await seen(server, () => put(fresh(), 'four', token, scoped));
  expect(withKey.calls).toEqual(['GET ledger', 'PUT ledger']);
  expect(withToken.calls.toSorted()).toEqual(['GET auth', 'GET ledger', 'PUT ledger']);
  expect(withToken.inSequence).toBe(withKey.inSequence);
});

test('what has not the form of a token is not looked up', async () => {
  const service = fresh();
  await ask(service, 'GET', '/pages/one');
  const strange = [
    `${token}x`,
    token.slice(0, -1),
    token.replace('kw_', 'KW_'),
    'kw_',
    `kw_${'*'.repeat(43)}`,
  ];
  const asked = await seen(server, async () => {
    for (const text of strange) {
      expect((await ask(service, 'GET', '/pages/one', undefined, bearer(text))).status).toBe(401);
    }
  });
  expect(asked.calls).toEqual([]);
});

test('a token that is not known is asked for once in a while', async () => {
  const { runtime, forward } = movedRuntime();
  const service = fresh(runtime);
  await ask(service, 'GET', '/pages/one');
  const stranger = `kw_${'a'.repeat(43)}`;
  const guess = async () => {
    const { status, body } = await ask(service, 'GET', '/pages/one', undefined, bearer(stranger));
    expect([status, body.error]).toEqual([401, 'Invalid API key']);
  };
  const first = await seen(server, () => Promise.all([guess(), guess(), guess()]));
  expect(first.calls).toEqual(['GET auth']);
  expect((await seen(server, guess)).calls).toEqual([]);
  forward(6_000);
  expect((await seen(server, guess)).calls).toEqual(['GET auth']);
});

test('a token that was ended is refused at once here, and within the staleness elsewhere', async () => {
  const { runtime, forward } = movedRuntime();
  const [here, elsewhere] = [fresh(), fresh(runtime)];
  const text = await makeToken('Short-lived');
  const read = (service: typeof here) => ask(service, 'GET', '/pages/one', undefined, bearer(text));
  expect([(await read(here)).status, (await read(elsewhere)).status]).toEqual([200, 200]);
  const { tokens } = (await ask(here, 'GET', '/tokens')).body;
  const { id } = tokens.find((each: { name: string }) => each.name === 'Short-lived');
  expect((await ask(here, 'DELETE', `/tokens/${id}`)).status).toBe(200);
  expect((await read(here)).body.error).toBe('This token was revoked');
  expect((await read(elsewhere)).status).toBe(200);
  forward(29_000);
  // Still within the staleness; it is asked beside, so that the next request knows.
  expect((await read(elsewhere)).status).toBe(200);
  expect((await read(elsewhere)).status).toBe(401);
});

test('an answer older than the staleness counts no more', async () => {
  const { runtime, forward } = movedRuntime();
  const service = fresh(runtime);
  const text = await makeToken('Idle');
  expect((await ask(service, 'GET', '/pages/one', undefined, bearer(text))).status).toBe(200);
  const other = fresh();
  const [{ id }] = (await ask(other, 'GET', '/tokens')).body.tokens.filter(
    (each: { name: string }) => each.name === 'Idle',
  );
  await ask(other, 'DELETE', `/tokens/${id}`);
  forward(30_001);
  const revision = await revisionOf('one');
  const late = await ask(service, 'PUT', '/pages/one', { content: 'x', revision }, bearer(text));
  expect([late.status, late.body.error]).toEqual([401, 'This token was revoked']);
});

test('a flood of nobody in particular asks the store once a second, and writes nothing', async () => {
  const { runtime, forward } = movedRuntime();
  const service = fresh(runtime);
  await ask(service, 'GET', '/pages/one');
  forward(2_000);
  const nobody = () => ask(service, 'PUT', '/pages/one', { content: 'x' }, { authorization: '' });
  const flood = await seen(server, async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, nobody));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await nobody()).status).toBe(401);
  });
  expect(flood.calls).toEqual(['GET ledger 304']);
});

test('a flood of guesses asks the store a bounded number of times', async () => {
  const service = fresh();
  await ask(service, 'GET', '/pages/one');
  const guess = (number: number) =>
    ask(service, 'GET', '/pages/one', undefined, bearer(`kw_${String(number).padStart(43, '0')}`));
  const flood = await seen(server, () =>
    Promise.all(Array.from({ length: 300 }, (_, number) => guess(number))),
  );
  expect(flood.calls.filter(call => call === 'GET auth').length).toBeLessThanOrEqual(60);
  expect((await ask(service, 'GET', '/pages/one', undefined, bearer(KEY))).status).toBe(200);
});

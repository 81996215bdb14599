import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AwsVariables } from '../../src/core/config.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { CredentialSource } from '../../src/storage/s3/credential-source.ts';
import { createS3ByteStore } from '../../src/storage/s3/s3.ts';
import { s3ServerForTest } from '../support/s3-server.ts';
import { getInChild } from './s3-get-process.ts';
import { listening, putText, refusalOf, s3Store, servedStore, storeAt } from './s3-support.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The endpoint of a container's role; it gives new credentials each time. */
async function containerEndpoint(token: string | undefined, lifetimeMs = 3_600_000) {
  const asked: string[] = [];
  const switches = { status: 200, delayMs: 0 };
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const body = {
      AccessKeyId: `ID${asked.length}`,
      SecretAccessKey: 'secret',
      Token: 'session token',
      Expiration: new Date(Date.now() + lifetimeMs).toISOString(),
    };
    const isAllowed = request.headers.authorization === token;
    const status = isAllowed ? switches.status : 403;
    setTimeout(
      () => response.writeHead(status).end(status === 200 ? JSON.stringify(body) : '{}'),
      switches.delayMs,
    );
  });
  const port = await listening(server);
  return { asked, switches, url: `http://127.0.0.1:${port}/role` };
}

function sourceOf(variables: AwsVariables, now: () => number = Date.now): CredentialSource {
  return new CredentialSource({ variables, runtime: { ...systemRuntime, now } });
}

describe('credentials of the environment', () => {
  test('are taken as they are', async () => {
    const variables = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' };
    expect(await sourceOf(variables).get()).toEqual(variables);
  });

  test('with a session token are accepted by a server', async () => {
    const session = {
      accessKeyId: 'SESSIONKEY0000000000',
      secretAccessKey: 'secret',
      sessionToken: 'the token',
    };
    const server = await s3ServerForTest({ credentials: [session] });
    expect(await putText(s3Store(server), 'x', { immutable: true })).toMatchObject({ kind: 'stored' });
    const { sessionToken: _, ...bare } = session;
    expect((await refusalOf(s3Store(server, { variables: bare }).get('k'))).code).toBe('storage_denied');
  });

  test('must be complete', async () => {
    const { code, message } = await refusalOf(
      Promise.resolve().then(() => sourceOf({ accessKeyId: 'a' }).get()),
    );
    expect(code).toBe('storage_credentials');
    expect(message).toBe(
      'Finding AWS credentials failed: AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY',
    );
  });
});

describe("credentials of a container's role", () => {
  test('are asked for with the token', async () => {
    const { url } = await containerEndpoint('the token');
    const found = await sourceOf({ containerFullUri: url, containerToken: 'the token' }).get();
    expect(found).toMatchObject({
      accessKeyId: 'ID1',
      secretAccessKey: 'secret',
      sessionToken: 'session token',
    });
    expect(found.expiresAtMs).toBeGreaterThan(Date.now());
  });

  test('are asked for with the token of a file, as it is at the time', async () => {
    const { url } = await containerEndpoint('the token');
    const containerTokenFile = join(temporaryFolder(), 'token');
    const source = sourceOf({ containerFullUri: url, containerTokenFile, containerToken: 'another' });
    expect((await refusalOf(Promise.resolve(source.get()))).message).toContain('which cannot be read');
    writeFileSync(containerTokenFile, 'the token\n');
    expect(await source.get()).toMatchObject({ accessKeyId: 'ID1' });
  });

  test('are asked for once by many callers, and again before they expire', async () => {
    const { url, asked } = await containerEndpoint(undefined);
    let nowMs = Date.now();
    const source = sourceOf({ containerFullUri: url }, () => nowMs);
    const all = await Promise.all(Array.from({ length: 20 }, () => source.get()));
    expect(new Set(all).size).toBe(1);
    nowMs += 54 * 60_000;
    expect(await source.get()).toMatchObject({ accessKeyId: 'ID1' });
    nowMs += 2 * 60_000;
    expect(await source.get()).toMatchObject({ accessKeyId: 'ID2' });
    expect(asked).toHaveLength(2);
  });

  test('stay in use while new ones cannot be had', async () => {
    const { url, asked, switches } = await containerEndpoint(undefined);
    let nowMs = Date.now();
    const source = sourceOf({ containerFullUri: url }, () => nowMs);
    await source.get();
    switches.status = 500;
    nowMs += 56 * 60_000;
    expect(await source.get()).toMatchObject({ accessKeyId: 'ID1' });
    expect(await source.get()).toMatchObject({ accessKeyId: 'ID1' });
    expect(asked).toHaveLength(2);
    nowMs += 5 * 60_000;
    expect((await refusalOf(Promise.resolve(source.get()))).code).toBe('storage_credentials');
    switches.status = 200;
    expect(await source.get()).toMatchObject({ accessKeyId: 'ID4' });
    expect(asked).toHaveLength(4);
  });

  test('are renewed when a server says that they have expired, and the put goes out again', async () => {
    const { url } = await containerEndpoint(undefined);
    const expired = '<?xml version="1.0"?><Error><Code>ExpiredToken</Code><Message>expired</Message></Error>';
    const signers: (string | undefined)[] = [];
    const strict = createServer((request, response) => {
      const [, signer] = /Credential=(\w+)/.exec(request.headers.authorization ?? '') ?? [];
      signers.push(signer);
      request.resume().once('end', () => {
        if (signer === 'ID1') response.writeHead(400).end(expired);
        else response.writeHead(200, { etag: '"x"' }).end();
      });
    });
    const store = storeAt(await listening(strict), { variables: { containerFullUri: url } });
    expect(await putText(store, 'x', { ifAbsent: true })).toEqual({ kind: 'stored', version: '"x"' });
    expect(signers).toEqual(['ID1', 'ID2']);
  });

  test.each([
    ['http://example.org/role', 'it must be https or an address of this machine'],
    ['role', 'it must be a URL'],
    ['http://127.0.0.1:9/role', 'asking http://127.0.0.1:9/role failed'],
  ])('at %s are refused or not found', async (containerFullUri, text) => {
    const { code, message } = await refusalOf(Promise.resolve(sourceOf({ containerFullUri }).get()));
    expect(code).toBe('storage_credentials');
    expect(message).toContain(text);
  });

  test('that are none are said to be none', async () => {
    const { url, switches } = await containerEndpoint(undefined);
    switches.status = 404;
    const { message } = await refusalOf(Promise.resolve(sourceOf({ containerFullUri: url }).get()));
    expect(message).toBe(`Finding AWS credentials failed: ${url} answers 404 without credentials`);
  });

  test('end what is presigned with them', async () => {
    const { url } = await containerEndpoint(undefined, 600_000);
    const { server } = await servedStore();
    const store = s3Store(server, { variables: { containerFullUri: url } });
    const { expiresAtMs } = await store.presign({ method: 'GET', key: 'k', expiresInSeconds: 86_400 });
    expect(expiresAtMs).toBeLessThanOrEqual(Date.now() + 600_000);
  });
});

describe('a put without credentials', () => {
  test('is refused: it wrote nothing', async () => {
    const variables = { containerFullUri: 'http://127.0.0.1:9/role' };
    const store = createS3ByteStore({
      bucket: 'wikis',
      region: 'x',
      endpoint: 'http://127.0.0.1:9',
      variables,
    });
    expect((await refusalOf(putText(store, 'x', { ifAbsent: true }))).code).toBe('storage_credentials');
  });
});

describe('credentials that the SDK finds', () => {
  test('are those of the profile that is named', async () => {
    const server = await s3ServerForTest();
    await putText(s3Store(server, { prefix: '' }), 'hello', { immutable: true });
    const home = temporaryFolder();
    const { accessKeyId, secretAccessKey } = server.credentials;
    mkdirSync(join(home, '.aws'), { recursive: true });
    writeFileSync(
      join(home, '.aws/credentials'),
      `[default]\naws_access_key_id = x\naws_secret_access_key = y\n[wiki]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    );
    expect(await getInChild(server.endpoint, { HOME: home, AWS_PROFILE: 'wiki' })).toMatchObject({
      kind: 'found',
    });
    expect(await getInChild(server.endpoint, { HOME: home })).toMatchObject({ code: 'storage_denied' });
  });

  test('are missed with words on where they were looked for', async () => {
    const { code, message } = await getInChild('http://127.0.0.1:9', { HOME: temporaryFolder() });
    expect(code).toBe('storage_credentials');
    expect(message).toMatch(
      /^Finding AWS credentials failed: AWS_ACCESS_KEY_ID and AWS_CONTAINER_CREDENTIALS_/,
    );
    expect(message).toContain('profiles');
  });
});

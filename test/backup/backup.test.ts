import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createService } from '../../src/lazy/app.ts';
import { filesThatTell } from '../git/purge-support.ts';
import { expectSound } from '../support/data-folder.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { type BucketCli, objectsOf, servedBucket } from '../support/s3-cli.ts';

const TIMEOUT_MS = 60_000;
const KEY = 'test-key';

type Ask = (
  method: string,
  path: string,
  body?: unknown,
  authorization?: string,
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
) => Promise<{ status: number; body: any }>;

/** Asks a wiki as a process that has just started. */
function asker(env: Record<string, string>): Ask {
  return async (method, path, body, authorization = `Bearer ${KEY}`) => {
    const { config, secrets } = readConfig({ env: { ...env, KITTIWAKE_API_KEY: KEY } });
    const log = createLogger({ level: 'silent', write: () => {}, now: Date.now });
    const service = createService({ config, secrets, runtime: systemRuntime, log });
    try {
      const answer = await service.app.handle({
        method,
        path: `/api/v1${path}`,
        query: '',
        headers: { authorization, 'content-type': 'application/json' },
        body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
      });
      return { status: answer.status, body: JSON.parse(String(answer.body) || '{}') };
    } finally {
      await service.idle();
      await service.close();
    }
  };
}

/** A wiki in a bucket with something of everything that is kept. */
async function filled() {
  const bucket = await servedBucket();
  await bucket.done(['wiki', 'create']);
  const ask = asker(bucket.env);
  const user = { name: 'Anna', email: 'anna@example.org', password: 'correct horse', approved: true };
  const steps = [
    await ask('PUT', '/pages/home', { content: 'first' }),
    await ask('PUT', '/policy/rules/secret', { read: ['user:anna@example.org'] }),
    await ask('PUT', '/pages/secret/plan', { content: 'hidden' }),
    await ask('PUT', '/drafts/home', { content: 'not yet' }),
    await ask('POST', '/users', user),
    await ask('POST', '/webhooks', { url: 'https://hooks.example.org/' }),
  ];
  expect(steps.filter(({ status }) => status >= 300)).toEqual([]);
  const [hook] = (await ask('GET', '/webhooks')).body.webhooks;
  await ask('POST', `/webhooks/${hook.id}/ping`);
  const { body } = await ask('POST', '/tokens', { name: 'script', rights: ['write'] });
  return { bucket, ask, token: `Bearer ${body.token}` };
}

const BASIC = `Basic ${Buffer.from('anna@example.org:correct horse').toString('base64')}`;

/** What must be there again. */
async function expectAll(ask: Ask, token: string): Promise<void> {
  expect((await ask('GET', '/pages/home', undefined, token)).body).toMatchObject({ content: 'first' });
  expect((await ask('GET', '/pages/secret/plan', undefined, BASIC)).body.content).toBe('hidden');
  expect((await ask('GET', '/drafts/home')).body.content).toBe('not yet');
  expect((await ask('GET', '/policy')).body.rules).toMatchObject([{ path: 'secret' }]);
  const [hook] = (await ask('GET', '/webhooks')).body.webhooks;
  const waiting = (await ask('GET', `/webhooks/${hook.id}/deliveries`)).body.deliveries;
  expect(waiting).toMatchObject([{ type: 'ping', attempts: 0 }]);
  const actions = (await ask('GET', '/audit')).body.entries.map((entry: { action: string }) => entry.action);
  expect(actions).toContain('user.create');
}

const folderOf = () => join(temporaryFolder(), 'backup');

const inFolder = (folder: string) => ({ KITTIWAKE_DATA: folder });

describe('kittiwake backup', () => {
  it(
    'copies everything into a folder that can be served, and back into another store',
    async () => {
      const { bucket, token } = await filled();
      const folder = folderOf();
      expect(await bucket.done(['backup', 'create', folder])).toMatch(
        /^Backed up the wiki "main", at [0-9a-f]{40} \(copied: \d+ objects, .* MB of packs, \d+ rows\) to /,
      );
      await expectSound(folder);
      await expectAll(asker(inFolder(folder)), token);
      const other = { ...bucket.env, KITTIWAKE_STORE: 's3://wikis/other' };
      await bucket.done(['backup', 'restore', folder], other);
      await expectAll(asker(other), token);
      expect(await bucket.done(['doctor'], other)).toMatch(/\nSound\n$/);
    },
    TIMEOUT_MS,
  );

  it(
    'copies only what is new the next time, and removes what is gone',
    async () => {
      const { bucket, ask } = await filled();
      const folder = folderOf();
      await bucket.done(['backup', 'create', folder]);
      expect(await bucket.done(['backup', 'create', folder])).toContain('copied: 0 objects, 0.0 MB');
      await ask('DELETE', '/drafts/home');
      await ask('PUT', '/pages/second', { content: 'second' });
      await bucket.done(['flush']);
      await bucket.done(['backup', 'create', folder]);
      const copy = asker(inFolder(folder));
      expect((await copy('GET', '/pages/second')).body.content).toBe('second');
      expect((await copy('GET', '/drafts')).body.drafts).toEqual([]);
      await expectSound(folder);
    },
    TIMEOUT_MS,
  );

  it(
    'forgets what was purged',
    async () => {
      const { bucket, ask } = await filled();
      const folder = folderOf();
      // Incompressible, so that it stands in the journal as it is.
      const secret = 'qX7vN2kLp9sRt4wYb8zHc3mJd6fGe1aU';
      await ask('PUT', '/pages/leak', { content: secret });
      await bucket.done(['backup', 'create', folder]);
      expect(await filesThatTell(folder, secret)).not.toEqual([]);
      await bucket.done(['purge', 'leak']);
      await bucket.done(['backup', 'create', folder]);
      expect((await asker(inFolder(folder))('GET', '/pages/leak')).status).toBe(404);
      expect(await filesThatTell(folder, secret)).toEqual([]);
      await expectSound(folder);
    },
    TIMEOUT_MS,
  );

  it(
    'refuses to restore over a wiki, and without a backup',
    async () => {
      const { bucket, ask } = await filled();
      const folder = folderOf();
      const absent = await bucket.run(['backup', 'restore', folder]);
      expect(absent).toMatchObject({ code: 1, err: expect.stringContaining('(backup_absent)') });
      await bucket.done(['backup', 'create', folder]);
      await ask('PUT', '/pages/home', {
        content: 'later',
        revision: (await ask('GET', '/pages/home')).body.revision,
      });
      const before = await objectsOf(bucket.send);
      const over = await bucket.run(['backup', 'restore', folder]);
      expect(over).toMatchObject({ code: 1, err: expect.stringContaining('(wiki_exists)') });
      expect(await objectsOf(bucket.send)).toEqual(before);
    },
    TIMEOUT_MS,
  );

  it(
    'goes on where a restore was broken off',
    async () => {
      const { bucket, token } = await filled();
      const folder = folderOf();
      await bucket.done(['flush']);
      await bucket.done(['backup', 'create', folder]);
      const target = join(temporaryFolder(), 'again');
      const env = inFolder(target);
      await bucket.done(['backup', 'restore', folder], { ...env, KITTIWAKE_STORE: `file:${target}` });
      // The name comes last; the one before it is the ledger.
      rmSync(join(target, 'wikis'), { recursive: true });
      expect((await asker(env)('GET', '/pages/home')).status).not.toBe(200);
      await bucket.done(['backup', 'restore', folder], { ...env, KITTIWAKE_STORE: `file:${target}` });
      await expectAll(asker(env), token);
    },
    TIMEOUT_MS,
  );

  it(
    'keeps the backup before it when it is broken off',
    async () => {
      const { bucket, ask, token } = await filled();
      const folder = folderOf();
      await bucket.done(['backup', 'create', folder]);
      await ask('PUT', '/pages/more', { content: 'more' });
      await bucket.done(['flush']);
      await brokenOff(bucket, folder);
      await expectSound(folder);
      await expectAll(asker(inFolder(folder)), token);
    },
    TIMEOUT_MS,
  );
});

/** The database, which comes after the packs and before the ledger, cannot be written there. */
async function brokenOff({ run }: BucketCli, folder: string): Promise<void> {
  const state = join(folder, 'state');
  renameSync(state, `${state}-kept`);
  writeFileSync(state, 'no folder');
  expect((await run(['backup', 'create', folder])).code).toBe(1);
  rmSync(state);
  renameSync(`${state}-kept`, state);
}

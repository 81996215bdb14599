import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { type Clone, cloneOf, remoteOf } from '../git-http/clone.ts';
import { kittiwake, type Outcome, temporaryFolder } from '../support/cli.ts';
import { expectExamined } from '../support/data-folder.ts';
import { type ServedWiki, serveWiki } from '../support/served-wiki.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** No configuration of this machine or user takes part. */
const GIT = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0' };

function push(
  clone: Clone,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Outcome> {
  return kittiwake(['push', ...args], { cwd: clone.folder, env: { ...GIT, ...env } });
}

function cloned({ url, key }: ServedWiki, password = key): Promise<Clone> {
  return cloneOf(remoteOf(url, password));
}

async function headOf({ call }: ServedWiki): Promise<string> {
  return (await call('GET', '/changelog?limit=1')).body.entries[0].revision;
}

async function openServed(name: string, env: Record<string, string> = {}): Promise<ServedWiki> {
  const server = await serveWiki(folder.path(name), { env });
  await server.call('PUT', '/pages/docs/a', { content: 'text\n' });
  return server;
}

describe('kittiwake push', () => {
  test('lands what git is told is too much, and is repeated without harm', { timeout: 120_000 }, async () => {
    const server = await openServed('large', { KITTIWAKE_GIT_MAX_PUSH: '1MiB' });
    const clone = await cloned(server);
    await clone.commit({ 'docs/a.md': 'changed\n' }, 'First');
    const commit = await clone.commit({ 'docs/a/plan.bin': randomBytes(3 << 20) }, 'Second');
    const refused = await clone.try('push');
    expect(refused.err).toContain('kittiwake push');
    expect(refused.err).toContain('(pack_too_large)');
    const { code, err } = await push(clone);
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(/^To http.*\n {3}[0-9a-f]{7}\.\.[0-9a-f]{7} {2}main -> main$/m),
    ]);
    expect(err).not.toContain(server.key);
    expect(await headOf(server)).toBe(commit);
    expect(await server.text('docs/a')).toBe('changed\n');
    expect(await clone.git('rev-parse', 'origin/main')).toBe(commit);
    expect(await clone.git('status', '--short', '--branch')).toBe('## main...origin/main');
    expect(await push(clone)).toMatchObject({ code: 0, err: 'Everything up-to-date\n' });
    expect((await clone.git('count-objects', '-v')).includes('garbage: 0')).toBe(true);
    await server.stop();
    const view = await (await expectExamined(folder.path('large'))).view();
    expect(view.head).toBe(commit);
  });
});

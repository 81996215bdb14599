import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { type Clone, cloneOf, remoteOf } from '../git-http/clone.ts';
import { kittiwake, type Outcome, startKittiwake, temporaryFolder } from '../support/cli.ts';
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

  test('is refused in the words of git, by the rights of its caller', { timeout: 120_000 }, async () => {
    const server = await openServed('rights');
    const made = await server.call('POST', '/tokens', { name: 'Writer', rights: ['read', 'write'] });
    const clone = await cloned(server, made.body.token);
    await clone.commit({ 'docs/a/plan.png': Buffer.alloc(100, 1) });
    const before = await headOf(server);
    const own = await clone.try('push');
    const { code, err } = await push(clone);
    expect([own.status, code]).toEqual([1, 1]);
    expect(told(err)).toEqual(told(own.err));
    expect(told(err)).toEqual([
      expect.stringContaining('needs the right "upload" there'),
      expect.stringContaining('! [remote rejected] main -> main (not allowed (forbidden))'),
    ]);
    expect(await headOf(server)).toBe(before);
    await clone.git('reset', '--quiet', '--hard', 'origin/main');
    const commit = await clone.commit({ 'docs/b.md': 'b\n' });
    expect((await push(clone)).code).toBe(0);
    expect(await headOf(server)).toBe(commit);
  });

  test('says before anything is sent that its caller may not push', { timeout: 60_000 }, async () => {
    const server = await openServed('reader');
    const made = await server.call('POST', '/tokens', { name: 'Reader', rights: ['read'] });
    const clone = await cloned(server);
    await clone.commit({ 'docs/b.md': 'b\n' });
    await clone.git('remote', 'set-url', 'origin', `${server.url}/.git`);
    const refused = await push(clone, [], { KITTIWAKE_TOKEN: made.body.token });
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('Not allowed') });
    const wrong = await push(clone, [], { KITTIWAKE_TOKEN: 'wrong' });
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('(push_refused)') });
    expect((await server.call('GET', '/imports')).body.imports).toEqual([]);
    expect((await push(clone, [], { KITTIWAKE_TOKEN: server.key })).code).toBe(0);
  });

  test('lands one of two at once, and tells the other to fetch first', { timeout: 120_000 }, async () => {
    const server = await openServed('two');
    const clones = await Promise.all([cloned(server), cloned(server)]);
    await Promise.all(clones.map((clone, index) => clone.commit({ [`docs/own ${index}.md`]: 'own\n' })));
    const outcomes = await Promise.all(clones.map(clone => push(clone)));
    expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 1]);
    const late = outcomes.findIndex(({ code }) => code === 1);
    expect(outcomes[late]?.err).toContain('fetch first');
    const clone = clones[late] as Clone;
    await clone.git('pull', '--quiet', '--rebase');
    expect((await push(clone, ['origin'])).code).toBe(0);
    expect([await server.text('docs/own 0'), await server.text('docs/own 1')]).toEqual(['own\n', 'own\n']);
    await clone.git('commit', '--quiet', '--amend', '-m', 'Other');
    expect(await push(clone)).toMatchObject({ code: 1, err: expect.stringContaining('(non-fast-forward)') });
  });

  test('lands once when the server is killed in the midst of it', { timeout: 180_000 }, async () => {
    const server = await openServed('killed');
    const clone = await cloned(server);
    const pages = Array.from({ length: 2_000 }, (_, n) => [`birds/p${n}.md`, `gull ${n}\n`.repeat(50)]);
    const commit = await clone.commit({
      ...Object.fromEntries(pages),
      'docs/a/film.bin': randomBytes(8 << 20),
    });
    const sending = startKittiwake(['push'], { cwd: clone.folder, env: GIT });
    const first = async () => (await server.call('GET', '/imports?limit=1')).body.imports[0];
    await expect.poll(async () => (await first())?.state, { timeout: 60_000, interval: 5 }).toBe('running');
    await server.kill();
    sending.child.kill('SIGTERM');
    expect((await sending.finished).code).not.toBe(0);
    expect((await clone.git('count-objects', '-v')).includes('garbage: 0')).toBe(true);
    const again = await serveWiki(folder.path('killed'));
    const ended = async () => (await again.call('GET', '/imports?limit=1')).body.imports[0];
    await expect.poll(async () => (await ended()).state, { timeout: 120_000, interval: 200 }).toBe('done');
    expect((await ended()).commits).toEqual([commit]);
    await clone.git('remote', 'set-url', 'origin', remoteOf(again.url));
    expect(await push(clone)).toMatchObject({ code: 0, err: 'Everything up-to-date\n' });
    await again.stop();
    expect((await (await expectExamined(folder.path('killed'))).view()).head).toBe(commit);
  });
});

/** What people see of a refusal. */
function told(err: string): string[] {
  const lines = err.split('\n').filter(line => /^remote: Kittiwake|!/.test(line));
  return lines.map(line => line.trim().replace(/ +/g, ' '));
}

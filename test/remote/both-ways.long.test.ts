import { expect, test } from 'vitest';
import { COMMAND_LINE } from '../../src/cli/command-line.ts';
import { examine } from '../../src/git/doctor/doctor.ts';
import { cloneOf, remoteOf } from '../git-http/clone.ts';
import { KEY } from '../http/harness.ts';
import { openListeningWiki } from '../support/listening-wiki.ts';

const TEXT = 'a\nb\nc\nd\ne\n';

/** A wiki that serves git and has a remote `other`. The settings are read with the first use of it, when the other one listens, too. */
async function openEnd() {
  const env: Record<string, string> = { KITTIWAKE_REMOTE_ALLOW: '127.0.0.1' };
  const wiki = await openListeningWiki({ env });
  const administration = async () => (await wiki.service.projections()).as(COMMAND_LINE).remotes();
  return {
    ...wiki,
    git: `${wiki.url}/.git`,
    async connect(url: string, password: string) {
      env.KITTIWAKE_REMOTE_CREDENTIALS = JSON.stringify({ end: { url, password } });
      await (await administration()).create('other', { url, pull: true, push: true, credentials: 'end' });
    },
    async sync() {
      const outcome = await (await administration()).run('other', {
        pull: true,
        push: true,
        timeoutMs: 60_000,
      });
      if (outcome.kind === 'pending') throw new Error('it takes longer than a minute');
      return outcome.result;
    },
    conflicts: async () => (await (await administration()).read('other')).status.conflicts,
  };
}

type End = Awaited<ReturnType<typeof openEnd>>;

/** Two wikis, each of which is the remote of the other one; one of them is let in by a token of the other. */
async function pair(): Promise<[End, End]> {
  const [a, b] = [await openEnd(), await openEnd()];
  await b.connect(a.git, KEY);
  const { status, body } = await b.call('POST', '/tokens', {
    name: 'Remote of a',
    rights: ['write', 'upload'],
  });
  expect([status, body.token]).toEqual([201, expect.stringMatching(/^kw_/)]);
  await a.connect(b.git, body.token);
  return [a, b];
}

async function expectSame([a, b]: readonly [End, End]): Promise<void> {
  expect(await b.head()).toBe(await a.head());
  for (const end of [a, b]) {
    const { findings } = await examine(await end.service.repository());
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const clone = await cloneOf(remoteOf(end.url));
    await clone.git('fsck', '--strict', '--full');
  }
}

test('two wikis that are remotes of each other come to one history, and nothing moves any more', async () => {
  const [a, b] = await pair();
  await a.write('home', TEXT);
  expect((await a.sync()).push?.outcome).toBe('pushed');
  await a.write('home', 'A\nb\nc\nd\ne\n');
  await a.write('of-a', 'a\n');
  await b.write('home', 'a\nb\nc\nd\nE\n');
  await b.write('of-b', 'b\n');
  await a.sync();
  await b.sync();
  await expectSame([a, b]);
  for (const end of [a, b]) {
    expect(await end.text('home')).toBe('A\nb\nc\nd\nE\n');
    expect([await end.text('of-a'), await end.text('of-b')]).toEqual(['a\n', 'b\n']);
  }
  const head = await a.head();
  for (const end of [a, b, a, b])
    expect(await end.sync()).toMatchObject({
      pull: { outcome: 'up_to_date' },
      push: { outcome: 'up_to_date' },
    });
  expect(await a.head()).toBe(head);
});

test('what both have changed is told by one of them, and both go on', async () => {
  const [a, b] = await pair();
  await a.write('home', TEXT);
  await a.sync();
  await a.write('home', 'of a\n');
  await b.write('home', 'of b\n');
  expect((await a.sync()).pull?.outcome).toBe('conflicts');
  expect((await b.sync()).pull?.outcome).toBe('up_to_date');
  await expectSame([a, b]);
  expect(await b.text('home')).toBe('of a\n');
  expect(await a.conflicts()).toMatchObject([{ paths: [{ path: 'home.md', kind: 'edited' }] }]);
  await b.write('home', 'of both\n');
  expect(await b.sync()).toMatchObject({ pull: { outcome: 'up_to_date' }, push: { outcome: 'pushed' } });
  expect(await a.text('home')).toBe('of both\n');
  await expectSame([a, b]);
});

test('both at once, while both are written to, end with everything in both', async () => {
  const ends = await pair();
  const [a, b] = ends;
  await a.write('home', TEXT);
  await a.sync();
  const work = async (end: End, name: string) => {
    for (let page = 0; page < 6; page += 1) {
      await end.write(`${name}/p${page}`, `${page}\n`);
      await end.write('shared', `${name} ${page}\n`);
      // The other one may have moved on again and again: then this is for the next time.
      await end.sync().catch(error => expect(['remote_ahead', 'remote_push_refused']).toContain(error.code));
    }
  };
  await Promise.all([work(a, 'a'), work(b, 'b')]);
  for (const end of [a, b, a]) await end.sync();
  await expectSame(ends);
  for (const end of ends)
    for (let page = 0; page < 6; page += 1)
      expect([await end.text(`a/p${page}`), await end.text(`b/p${page}`)]).toEqual([
        `${page}\n`,
        `${page}\n`,
      ]);
  const head = await a.head();
  for (const end of ends) await end.sync();
  expect([await a.head(), await b.head()]).toEqual([head, head]);
});

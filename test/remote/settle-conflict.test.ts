import { expect, test } from 'vitest';
import { examine } from '../../src/git/doctor/doctor.ts';
import { IncomingObjects } from '../../src/git/incoming/incoming-objects.ts';
import { landCommits } from '../../src/git/incoming/land-commits.ts';
import { gitHost } from '../support/git-host.ts';
import { type RemoteWiki, remoteWiki } from './remote-wiki.ts';

/** A wiki with a conflict with its remote. */
async function inConflict() {
  const [host, wiki] = [await gitHost(), await remoteWiki()];
  host.commit({ 'home.md': 'a\n' });
  await wiki.connect(host.url);
  await wiki.pull();
  await wiki.write('home', 'ours\n');
  host.commit({ 'home.md': 'theirs\n' });
  await wiki.pull();
  const { body } = await wiki.call('GET', '/remotes/host');
  const [{ id, ref }] = body.conflicts;
  return { host, wiki, id, ref, path: `/remotes/host/conflicts/${id}` };
}

async function refsOf(wiki: RemoteWiki) {
  const view = await (await wiki.service.repository()).view({ maxAgeMs: 0 });
  return view.ledger.refs;
}

test('a settled conflict is told no more, by later runs neither, and its side branch stays', async () => {
  const { host, wiki, ref, path } = await inConflict();
  const settled = await wiki.call('DELETE', path);
  expect([settled.status, settled.body.conflicts]).toEqual([200, []]);
  expect(Object.keys(await refsOf(wiki))).toContain(ref);
  host.commit({ 'more.md': 'm\n' });
  expect((await wiki.pull()).pull?.outcome).toBe('merged');
  expect((await wiki.call('GET', '/remotes/host')).body.conflicts).toEqual([]);
  expect((await wiki.call('DELETE', path)).body.code).toBe('remote_conflict_absent');
  const { body } = await wiki.call('GET', '/audit');
  expect(body.entries.map(({ action }: { action: string }) => action)).toContain('remote.settle');
});

test('the side branch goes when that is asked for, and its commits stay where the merge holds them', async () => {
  const { host, wiki, ref, path } = await inConflict();
  expect((await wiki.call('DELETE', path, { delete_branch: true })).body.conflicts).toEqual([]);
  expect(Object.keys(await refsOf(wiki))).toEqual(['refs/heads/main']);
  expect((await wiki.pull()).pull?.outcome).toBe('up_to_date');
  expect((await wiki.call('GET', '/remotes/host')).body.conflicts).toEqual([]);
  await wiki.push();
  host.run('fsck', '--strict', '--full');
  const { findings } = await examine(await wiki.service.repository());
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(ref).toMatch(/^refs\/heads\/conflicts\/host\/[0-9a-f]{12}$/);
});

test('a conflict whose branch went before the process died is settled by the next call', async () => {
  const { wiki, id, ref, path } = await inConflict();
  const repository = await wiki.service.repository();
  const before = (await refsOf(wiki))[ref];
  expect(before?.slice(0, 12)).toBe(id);
  const updates = [{ ref, before, after: undefined }];
  await landCommits({ repository, objects: new IncomingObjects(), updates });
  expect((await wiki.call('DELETE', path, { delete_branch: true })).body.conflicts).toEqual([]);
});

test('a side branch that somebody has worked on is not removed', async () => {
  const { wiki, ref, path } = await inConflict();
  const repository = await wiki.service.repository();
  const { [ref]: before, 'refs/heads/main': after } = await refsOf(wiki);
  await landCommits({ repository, objects: new IncomingObjects(), updates: [{ ref, before, after }] });
  const refused = await wiki.call('DELETE', path, { delete_branch: true });
  expect([refused.status, refused.body.code]).toEqual([409, 'ref_moved']);
  expect((await refsOf(wiki))[ref]).toBe(after);
});

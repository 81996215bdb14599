import { expect, test } from 'vitest';
import { purgeHistory } from '../../src/git/purge/purge.ts';
import { gitHost } from '../support/git-host.ts';
import { remoteWiki } from './remote-wiki.ts';

test('a host that still has what was purged does not bring it back, and is not pushed to before it is replaced', async () => {
  const [host, wiki] = [await gitHost(), await remoteWiki()];
  host.commit({ 'home.md': 'h\n' });
  await wiki.connect(host.url);
  await wiki.pull();
  await wiki.write('secret', 'a secret\n');
  await wiki.push();
  const there = host.run('rev-parse', 'main');
  await purgeHistory(await wiki.service.repository(), { paths: ['secret.md'], blobs: [] });
  const head = await wiki.head();
  await expect(wiki.pull()).rejects.toMatchObject({ code: 'revision_purged' });
  await expect(wiki.push()).rejects.toMatchObject({ code: 'revision_purged' });
  host.commit({ 'theirs.md': 't\n' });
  await expect(wiki.pull()).rejects.toMatchObject({ code: 'revision_purged' });
  expect(await wiki.head()).toBe(head);
  expect(host.run('rev-parse', 'main~1')).toBe(there);
  host.run('update-ref', 'refs/heads/main', host.run('rev-parse', 'main~2'));
  expect((await wiki.push()).push?.outcome).toBe('pushed');
  expect(host.run('rev-parse', 'main')).toBe(head);
});

import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { serveGit } from '../support/git-http-server.ts';
import { nativeGit } from '../support/native-git.ts';
import { runHere } from '../support/run-here.ts';

it('kittiwake import takes a repository from a URL, and shows no password', async () => {
  const folder = temporaryFolder();
  try {
    nativeGit(folder.path(), 'init', '--quiet', '--initial-branch', 'main', 'work');
    nativeGit(folder.path('work'), 'commit', '--quiet', '--allow-empty', '--message', 'Empty');
    nativeGit(folder.path(), 'clone', '--quiet', '--bare', 'work', 'wiki.git');
    const { origin } = await serveGit({ root: folder.path() });
    const url = `${origin.replace('://', '://ann:s3cret@')}/wiki.git`;
    const done = await runHere(['import', url, '--data', folder.path('data')]);
    const head = nativeGit(folder.path('work'), 'rev-parse', 'main').trim();
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining(`The wiki is at ${head}`) });
    const again = await runHere(['import', url, '--data', folder.path('data')]);
    expect(again.out).toContain(`Nothing new in ${origin}/wiki.git`);
    expect(JSON.stringify([done, again])).not.toContain('s3cret');
    const none = await runHere(['import', `${url}x`, '--data', folder.path('data')]);
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('remote_failed')]);
    expect(none.err).not.toContain('s3cret');
  } finally {
    folder.remove();
  }
});

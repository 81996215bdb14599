import { describe, expect, it } from 'vitest';
import { createData, expectSound } from '../support/data-folder.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { needs } from '../support/needs.ts';
import { commitFiles } from '../support/repository.ts';
import { serveWiki } from '../support/served-wiki.ts';
import { type Crafted, craftHistory } from '../wiki/crafted-history.ts';

/** Revisions over HTTP in a history that has branches, a tag, and two commits that share seven digits. */

async function craftedServer() {
  const data = temporaryFolder();
  const repository = await createData(data);
  const commit = (files: Record<string, string | Buffer | null>) =>
    commitFiles(repository, files as Record<string, string | null>);
  const made = await craftHistory({ repository, commit });
  const view = await repository.view();
  const tree = (await view.commit(made.merge))?.tree ?? '';
  const blob = (await view.file('left.md'))?.oid ?? '';
  return { data, made, tree, blob, server: await serveWiki(data) };
}

/** Everything that a revision is given to, with what it may answer to one that does not fit. */
function requestsOf(revision: string): [string, string, unknown?][] {
  return [
    ['PUT', '/pages/other', { content: 'evil', revision }],
    ['PATCH', '/pages/other', { old_string: 'old', new_string: 'evil', revision }],
    ['DELETE', '/pages/other', { revision }],
    ['POST', '/pages/other/rename', { new_path: 'evil', revision }],
    ['POST', '/pages/other/restore', { revision }],
    ['POST', '/revert', { revision }],
    ['GET', `/pages/left?revision=${encodeURIComponent(revision)}`],
  ];
}

describe('over HTTP', () => {
  const strangers: { name: string; of: (all: { made: Crafted; tree: string; blob: string }) => string }[] = [
    { name: 'digits that two commits share', of: ({ made }) => made.left.slice(0, 7) },
    { name: 'the id of a tag', of: ({ made }) => made.tag },
    { name: 'the name of a tag', of: () => 'refs/tags/v1' },
    { name: 'the id of a tree', of: ({ tree }) => tree },
    { name: 'the id of a file', of: ({ blob }) => blob },
  ];

  it('what is no commit, or more than one, changes nothing', async ctx => {
    needs(ctx, 'git');
    const all = await craftedServer();
    const before = await expectSound(all.data);
    for (const { name, of } of strangers) {
      for (const [method, path, body] of requestsOf(of(all))) {
        const reply = await all.server.call(method, path, body);
        const { status } = reply;
        expect([404, 409, 422], `${method} ${path} with ${name}: ${status}`).toContain(status);
      }
    }
    expect((await expectSound(all.data)).commits).toEqual(before.commits);
  });

  it('a commit of another page or of a side branch locks no page that it did not touch last', async () => {
    const { made, server } = await craftedServer();
    const put = async (page: string, revision: string) => {
      const { status, body } = await server.call('PUT', `/pages/${page}`, {
        content: 'x',
        revision,
        dry_run: true,
      });
      return status === 200 ? 200 : body.code;
    };
    for (const page of ['other', 'left']) expect(await put(page, made.right)).toBe('revision_mismatch');
    expect(await put('right', made.left)).toBe('revision_mismatch');
    expect(await put('right', made.right)).toBe(200);
    expect((await server.call('GET', '/pages/left')).body.revision).toBe(made.left);
    expect((await server.call('GET', `/pages/right?revision=${made.right}`)).body.content).toBe('R');
  });

  it('digits that another commit shares lock the page that is asked for', async () => {
    const { made, server } = await craftedServer();
    const shared = made.left.slice(0, 7);
    expect(made.right.slice(0, 7)).toBe(shared);
    for (const page of ['left', 'right']) {
      const { status } = await server.call('PUT', `/pages/${page}`, { content: 'x', revision: shared });
      expect(status).toBe(200);
    }
    const again = await server.call('PUT', '/pages/left', { content: 'y', revision: shared });
    expect([again.status, again.body.code]).toEqual([409, 'revision_mismatch']);
  });
});

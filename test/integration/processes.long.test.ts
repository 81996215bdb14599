import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { follow, ROOT } from '../support/cli.ts';
import { createData, expectSound, type NativeHistory } from '../support/data-folder.ts';
import { git, temporaryFolder } from '../support/git-command.ts';
import { needs } from '../support/needs.ts';
import { commitFiles } from '../support/repository.ts';
import { type ServedWiki, serveWiki } from '../support/served-wiki.ts';

/** Several operating-system processes write one wiki in one folder. */

/** What a file held after each commit, oldest first. */
function contents({ folder, commits }: NativeHistory, file: string): string[] {
  const input = commits.map(({ oid }) => `${oid}:${file}\n`).reverse();
  const printed = git(folder, ['cat-file', '--batch'], { input: input.join('') }).toString();
  return printed.split('\n').filter((_, index) => index % 2 === 1);
}

function numbersTo(last: number): string[] {
  return Array.from({ length: last + 1 }, (_, number) => String(number));
}

describe('read-modify-write under the revision lock', () => {
  it('by 8 processes ends exact', async ctx => {
    needs(ctx, 'git');
    const data = temporaryFolder();
    await commitFiles(await createData(data), { 'counter.md': '0' }, 'Start');
    const script = join(ROOT, 'test/integration/increment-page.child.ts');
    const running = Array.from({ length: 8 }, () =>
      follow([process.execPath, script, data, 'counter', '25'], {}),
    );
    const ended = await Promise.all(running.map(({ finished }) => finished));
    expect(ended.map(({ code, err }) => [code, err])).toEqual(ended.map(() => [0, '']));
    const said = ended.map(({ out }) => JSON.parse(out));
    const history = await expectSound(data);
    expect(contents(history, 'counter.md')).toEqual(numbersTo(200));
    const acknowledged = said.flatMap(({ revisions }) => revisions);
    expect(acknowledged.sort()).toEqual(
      history.commits
        .slice(0, -1)
        .map(({ oid }) => oid)
        .sort(),
    );
    expect(said.flatMap(({ refusals }) => Object.keys(refusals))).toContain('revision_mismatch');
  });

  it('through two servers on one folder ends exact', async ctx => {
    needs(ctx, 'git');
    const data = temporaryFolder();
    await commitFiles(await createData(data), { 'counter.md': '0' }, 'Start');
    const servers = await Promise.all([serveWiki(data), serveWiki(data)]);
    await Promise.all([...servers, ...servers, ...servers].map(server => increment(server, 10)));
    for (const server of servers) expect(await server.text('counter')).toBe('60');
    expect(contents(await expectSound(data), 'counter.md')).toEqual(numbersTo(60));
  });
});

async function increment(server: ServedWiki, times: number): Promise<void> {
  const client = server.client({ deadlineMs: 120_000, retries: 100 });
  for (let count = 0; count < times; count += 1)
    await client.update('counter', text => String(Number(text) + 1), { attempts: 1_000 });
}

describe('two servers, each with a writer', () => {
  const clashes = [
    { one: 'a page', first: ['PUT', 'z', { content: 'page' }], second: ['PUT', 'z.md/y', { content: 'x' }] },
    {
      one: 'an attachment',
      first: ['POST', 'p/attachments', { filename: 'f', content: 'aGk=' }],
      second: ['PUT', 'p/f/y', { content: 'x' }],
    },
  ] as const;

  it.for(clashes)('do not put $one where the other needs a folder', async ({ first, second }, ctx) => {
    needs(ctx, 'git');
    const data = temporaryFolder();
    const repository = await createData(data);
    const rounds = 15;
    const pages = Array.from({ length: rounds }, (_, round) => [`r${round}/p.md`, 'x']);
    await commitFiles(repository, Object.fromEntries(pages), 'Start');
    const servers = await Promise.all([serveWiki(data), serveWiki(data)]);
    for (let round = 0; round < rounds; round += 1) {
      const requests = round % 2 === 0 ? [first, second] : [second, first];
      const replies = await Promise.all(
        requests.map(([method, path, body], at) =>
          servers[at]?.call(method, `/pages/r${round}/${path}`, body),
        ),
      );
      expect(replies.map(reply => reply?.status).sort()).toEqual([201, 409]);
      const lost = replies.find(reply => reply?.status === 409)?.body.code;
      expect(['path_is_folder', 'path_under_page']).toContain(lost);
    }
    const files = await (await repository.view()).files('');
    expect(files).toHaveLength(2 * rounds);
    await expectSound(data);
  });
});

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LedgerRepository } from '../../../src/git/open.ts';
import type { FetchLimits } from '../../../src/import/git/history-source.ts';
import { importHistory } from '../../../src/import/git/import-history.ts';
import { findSource } from '../../../src/import/import-source.ts';
import { parseRanges } from '../../../src/net/addresses.ts';
import { serveGit } from '../../support/git-http-server.ts';
import { nativeGit } from '../../support/native-git.ts';
import { exportTo, newRepository } from '../../support/repository.ts';

let root = '';
const git = (...args: string[]) => nativeGit(join(root, 'work'), ...args);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kittiwake-fetch-'));
  nativeGit(root, 'init', '--quiet', '--initial-branch', 'trunk', 'work');
  for (let edit = 0; edit < 20; edit += 1) {
    writeFileSync(
      join(root, 'work', 'a.md'),
      Array.from({ length: 99 }, (_, at) => `${at * edit}`).join('\n'),
    );
    writeFileSync(join(root, 'work', `page-${edit}.md`), `page ${edit}`);
    git('add', '--all');
    git('commit', '--quiet', '--message', `Edit ${edit}`);
  }
  git('tag', '--annotate', '--message', 'One', 'v1', 'trunk~5');
  git('checkout', '--quiet', '-b', 'side');
  writeFileSync(join(root, 'work', 'side.md'), 'side');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Side');
  git('checkout', '--quiet', 'trunk');
  nativeGit(root, 'clone', '--quiet', '--bare', 'work', 'repo.git');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const LOCAL: FetchLimits = { allowed: parseRanges(['127.0.0.1']), maxBytes: 1 << 30 };

async function fetchInto(
  repository: LedgerRepository,
  url: string,
  { fetch = LOCAL, branch }: { fetch?: FetchLimits; branch?: string } = {},
) {
  const source = await findSource(url, false);
  if (source.kind === 'folder') throw new Error('a URL was expected');
  const progress = { phase: () => undefined, advance: () => undefined };
  const options = { source, repository, branch, fetch, scratch: root, retainPageNameCase: false, progress };
  return await importHistory(options);
}

describe('importing a history over HTTP', () => {
  it('keeps every commit and tag, id for id, and leaves no file behind', async () => {
    const { origin } = await serveGit({ root });
    const repository = await newRepository();
    const report = await fetchInto(repository, `${origin}/repo.git`);
    expect(report).toMatchObject({ commits: 20, pages: 21, head: git('rev-parse', 'trunk').trim() });
    expect(report.notes).toContain('other branches stayed out: side');
    await exportTo(repository, join(root, 'out.git'));
    expect(nativeGit(join(root, 'out.git'), 'fsck', '--full', '--strict')).toBe('');
    expect(nativeGit(join(root, 'out.git'), 'show-ref', '--tags')).toBe(git('show-ref', '--tags'));
    expect(readdirSync(root).sort()).toEqual(['out.git', 'repo.git', 'work']);
  });

  it('takes the branch that is asked for, and then what is new', async () => {
    const { origin } = await serveGit({ root });
    const repository = await newRepository();
    await fetchInto(repository, `${origin}/repo.git`);
    const later = await fetchInto(repository, `${origin}/repo.git/`, { branch: 'side' });
    expect(later).toMatchObject({ commits: 1, head: git('rev-parse', 'side').trim() });
    expect(await fetchInto(repository, `${origin}/repo.git`, { branch: 'side' })).toMatchObject({
      commits: 0,
    });
    await expect(fetchInto(repository, `${origin}/repo.git`, { branch: 'none' })).rejects.toThrow(
      /it has .*trunk/,
    );
  });

  it('sends user name and password, and shows them nowhere', async () => {
    const authorization = `Basic ${Buffer.from('ann:s€cret').toString('base64')}`;
    const { origin, requests } = await serveGit({ root, authorization });
    const given = origin.replace('://', '://ann:s%E2%82%ACcret@');
    await fetchInto(await newRepository(), `${given}/repo.git`);
    expect(requests).toHaveLength(3);
    const refused = fetchInto(await newRepository(), `${origin.replace('://', '://ann:wrong@')}/repo.git`);
    await expect(refused).rejects.toMatchObject({ code: 'remote_denied' });
    await expect(refused).rejects.not.toThrow(/wrong/);
  });

  it('follows a redirect, without credentials to another host', async () => {
    const other = await serveGit({ root });
    const { origin } = await serveGit({
      root,
      before(request, response) {
        response.writeHead(302, { location: other.origin + request.url?.replace('/old', '/repo.git') }).end();
        return true;
      },
    });
    const repository = await newRepository();
    expect(await fetchInto(repository, `${origin.replace('://', '://ann:secret@')}/old`)).toMatchObject({
      commits: 20,
    });
    expect(other.requests.map(each => each.authorization)).toEqual([undefined, undefined, undefined]);
  });

  it('reaches no address that is not public, whatever name leads there', async () => {
    const { origin, requests } = await serveGit({ root });
    const refused = { code: 'remote_url_refused' };
    const fetch = { allowed: parseRanges([]), maxBytes: 1 << 30 };
    await expect(fetchInto(await newRepository(), `${origin}/repo.git`, { fetch })).rejects.toMatchObject(
      refused,
    );
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const named = `http://git.example.org:${new URL(origin).port}/repo.git`;
    await expect(
      fetchInto(await newRepository(), named, { fetch: { ...fetch, resolve } }),
    ).rejects.toMatchObject(refused);
    expect(requests).toEqual([]);
  });

  it('ends when more comes than it may, and changes nothing', async () => {
    const { origin } = await serveGit({ root });
    const repository = await newRepository();
    await expect(
      fetchInto(repository, `${origin}/repo.git`, { fetch: { ...LOCAL, maxBytes: 1_000 } }),
    ).rejects.toMatchObject({ code: 'remote_too_large' });
    expect((await repository.view()).head).toBeUndefined();
  });

  it.each([
    ['nothing there', '/none.git', undefined, 'remote_failed'],
    ['a page', '/repo.git', { status: 200, type: 'text/html', body: '<p>' }, 'remote_failed'],
    [
      'no packets',
      '/repo.git',
      { status: 200, type: 'application/x-git-upload-pack-advertisement', body: 'zzzzz' },
      'remote_failed',
    ],
    [
      'an answer that is cut off',
      '/repo.git',
      { status: 200, type: 'application/x-git-upload-pack-advertisement', body: '00ffversion' },
      'remote_failed',
    ],
    [
      'the old protocol',
      '/repo.git',
      { status: 200, type: 'application/x-git-upload-pack-advertisement', body: '0000' },
      'remote_failed',
    ],
    ['a server that fails', '/repo.git', { status: 503, type: 'text/plain', body: '' }, 'remote_failed'],
  ])('says so where there is %s', async (_, path, answer, code) => {
    const { origin } = await serveGit({
      root,
      before(_request, response) {
        if (answer !== undefined)
          response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
        return answer !== undefined;
      },
    });
    await expect(fetchInto(await newRepository(), origin + path)).rejects.toMatchObject({ code });
  });

  it.each([
    ['ends', 'source_corrupt'],
    ['breaks off', 'remote_unreachable'],
  ])('says so where a pack %s too early', async (how, code) => {
    let posts = 0;
    const { origin } = await serveGit({
      root,
      before(request, response) {
        if (request.method === 'GET') return false;
        posts += 1;
        if (posts === 1) return false;
        response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-result' });
        const begun = '000dpackfile\n0010\u0001PACK\0\0\0\u0002\0\0\0';
        response.write(begun, () => (how === 'ends' ? response.end() : response.destroy()));
        return true;
      },
    });
    await expect(fetchInto(await newRepository(), `${origin}/repo.git`)).rejects.toMatchObject({ code });
  });

  it.each(['http://', 'https://host/repo.git?x=1', 'http://[::1'])('refuses the URL %s', async url => {
    await expect(findSource(url, false)).rejects.toMatchObject({ code: 'remote_url_refused' });
  });
});

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import { kittiwake } from '../support/cli.ts';
import { createData, expectSound, filesBelow, openData } from '../support/data-folder.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { needs, skipSaying } from '../support/needs.ts';
import { commitFiles } from '../support/repository.ts';
import { logged, type ServedWiki, serveWiki } from '../support/served-wiki.ts';

/** Disks that are full and folders without permission. */

const NOBODY = 65_534;

/** A folder on a file system of 2 MiB of its own. */
function smallDisk(ctx: TestContext): { folder: string; resize: (size: string) => void } {
  const folder = temporaryFolder();
  const mount = (...options: string[]) =>
    spawnSync('mount', ['-t', 'tmpfs', '-o', options.join(), 'tmpfs', folder], { encoding: 'utf8' });
  const { status, stderr, error } = mount('size=2m');
  if (status !== 0)
    skipSaying(ctx, `needs root and tmpfs for a small file system: ${error?.message ?? stderr.trim()}`);
  onTestFinished(() => void spawnSync('umount', ['-l', folder]));
  return { folder, resize: size => expect(mount('remount', `size=${size}`).status).toBe(0) };
}

/** Writes pages of 20 kB until one is not written; resolves with the number of those that were, and the last answer. */
async function fill(server: ServedWiki): Promise<{ pages: number; status: number; code: string }> {
  for (let pages = 0; pages < 500; pages += 1) {
    const content = randomBytes(15_000).toString('base64');
    const { status, body } = await server.call('PUT', `/pages/page${pages}`, { content });
    if (status !== 201) return { pages, status, code: body.code };
  }
  throw new Error('the disk is never full');
}

/** Fills a disk to its last byte. */
function takeTheRest(file: string): void {
  for (let bytes = 1 << 16; bytes >= 1; ) {
    try {
      appendFileSync(file, Buffer.alloc(bytes));
    } catch {
      bytes >>= 1;
    }
  }
}

describe('a full disk', () => {
  it('refuses the write, keeps what is there, and takes writes when there is room again', async ctx => {
    needs(ctx, 'git');
    const { folder, resize } = smallDisk(ctx);
    const data = join(folder, 'data');
    await createData(data);
    const server = await serveWiki(data);
    const { pages, status, code } = await fill(server);
    expect([status, code]).toEqual([507, 'storage_full']);
    expect(pages).toBeGreaterThan(5);
    const { body } = await server.call('GET', '/pages');
    expect(body.total).toBe(pages);
    expect(await server.text(`page${pages - 1}`)).toMatch(/^[\w+/]{1000}/);
    resize('40m');
    expect((await server.call('PUT', '/pages/later', { content: 'x' })).status).toBe(201);
    const { commits } = await expectSound(data);
    expect(commits).toHaveLength(pages + 1);
    const lines = logged(await server.stop()).filter(({ event }) => event === 'request_failed');
    expect(lines[0]).toMatchObject({
      code: 'storage_full',
      message: expect.stringMatching(/"[^"]*(ledger|~tmp)\/.*ENOSPC/),
    });
  });

  it('refuses flush, gc and import, and changes nothing', async ctx => {
    needs(ctx, 'git');
    const { folder } = smallDisk(ctx);
    const data = join(folder, 'data');
    await createData(data);
    const server = await serveWiki(data);
    await fill(server);
    await server.kill();
    takeTheRest(join(folder, 'rest'));
    const source = temporaryFolder();
    writeFileSync(join(source, 'fresh.md'), 'text');
    const before = filesBelow(data);
    const { commits } = await expectSound(data);
    for (const args of [['flush'], ['gc'], ['import', source]]) {
      const { code, err } = await kittiwake([...args, '--data', data]);
      expect([args, code, err]).toEqual([
        args,
        1,
        expect.stringMatching(/^error: .*".*" \(ENOSPC\) \(storage_full\)\n$/),
      ]);
    }
    expect(filesBelow(data)).toEqual(before);
    expect((await expectSound(data)).commits).toEqual(commits);
  });
});

describe('a folder without permission', () => {
  async function prepared(ctx: TestContext): Promise<string> {
    if (process.getuid?.() !== 0) skipSaying(ctx, 'needs root to run a process as another user');
    const data = temporaryFolder();
    chmodSync(data, 0o755);
    await commitFiles(await createData(data), { 'old.md': 'old text' });
    return data;
  }

  it('to write answers reads, and names the file it cannot write', async ctx => {
    const data = await prepared(ctx);
    const before = filesBelow(data);
    const server = await serveWiki(data, { uid: NOBODY });
    expect(await server.text('old')).toBe('old text');
    expect((await server.call('GET', '/pages')).body.total).toBe(1);
    const { status, body } = await server.call('PUT', '/pages/fresh', { content: 'x' });
    expect([status, body.code]).toEqual([500, 'internal']);
    expect((await server.call('GET', '/search?q=old')).status).toBe(500);
    const lines = logged(await server.stop());
    expect(lines[0]).toMatchObject({ code: 'storage_denied', message: expect.stringContaining(`"${data}/`) });
    expect(lines[1]).toMatchObject({ message: expect.stringContaining(`${data}/search`) });
    expect(filesBelow(data)).toEqual(before);
    const flush = await kittiwake(['flush', '--data', data], { uid: NOBODY });
    expect([flush.code, flush.err]).toEqual([
      1,
      expect.stringMatching(/^error: .*"\/.*" \(EACCES\) \(storage_denied\)\n$/),
    ]);
    expect(filesBelow(data)).toEqual(before);
  });

  it('to read is named by every command', async ctx => {
    const data = await prepared(ctx);
    const before = filesBelow(data);
    chmodSync(data, 0o700);
    const parent = temporaryFolder();
    const target = join(parent, 'out');
    const locked = await kittiwake(['export', target, '--data', data], { uid: NOBODY });
    expect([locked.code, locked.err]).toEqual([
      1,
      expect.stringMatching(/\/out".*EACCES.*\(target_failed\)\n$/),
    ]);
    chmodSync(parent, 0o777);
    for (const args of [
      ['serve', '--port', '0'],
      ['doctor'],
      ['flush'],
      ['export', target],
      ['wiki', 'create'],
    ]) {
      const { code, err } = await kittiwake([...args, '--data', data], { uid: NOBODY });
      expect([args, code, err]).toEqual([
        args,
        1,
        expect.stringMatching(/^error: .*\((storage_denied)\)\n$/),
      ]);
      expect(err).toContain(data);
    }
    expect(existsSync(target)).toBe(false);
    expect(filesBelow(data)).toEqual(before);
  });

  it('inside it is named, and the rest is served', async ctx => {
    const data = await prepared(ctx);
    const repository = await openData(data).repository();
    await repository.flusher.flush();
    await commitFiles(repository, { 'new.md': 'new text' });
    chmodSync(join(data, 'packs', repository.uuid), 0o000);
    const server = await serveWiki(data, { uid: NOBODY });
    expect((await server.call('GET', '/health')).status).toBe(200);
    expect((await server.call('GET', '/pages/old')).status).toBe(500);
    const [line] = logged(await server.stop());
    expect(line).toMatchObject({ code: 'storage_denied', message: expect.stringMatching(/packs\/.*EACCES/) });
  });
});

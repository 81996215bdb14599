import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openWiki } from './harness.ts';

/** Stored bytes that are damaged, gone or out of reach: a clear line in the log, nothing overwritten. */

/** Every file below a folder with its bytes. */
async function snapshot(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  const contents = await Promise.all(files.map(file => readFile(file, 'latin1')));
  return Object.fromEntries(files.map((file, index) => [file, contents[index] ?? '']));
}

async function ledgerFile(folder: string): Promise<string> {
  const files = Object.keys(await snapshot(join(folder, 'ledger')));
  const byNumber = (file: string) => Number(file.split('/').at(-1));
  return files.sort((a, b) => byNumber(b) - byNumber(a))[0] ?? '';
}

describe('a wiki whose ledger', () => {
  test('is corrupt writes nothing', async () => {
    const { call, write, folder, lines, service } = await openWiki();
    await write('a', 'x');
    const file = await ledgerFile(folder);
    const bytes = await readFile(file);
    await writeFile(file, bytes.fill(0xff));
    service.repository.reset();
    service.wiki.reset();
    const before = await snapshot(folder);
    const { status, body } = await call('PUT', '/pages/b', { content: 'y' });
    expect([status, body.code]).toEqual([500, 'internal']);
    expect(await snapshot(folder)).toEqual(before);
    const failures = lines.filter(({ level }) => level === 'error');
    expect(failures.at(-1)).toMatchObject({ request: body.request_id, code: 'ledger_corrupt' });
  });

  test('vanished writes nothing', async () => {
    const { call, write, folder, lines } = await openWiki();
    await write('a', 'x');
    await rename(join(folder, 'ledger'), join(folder, 'away'));
    const before = await snapshot(folder);
    const { status, body } = await call('PUT', '/pages/b', { content: 'y' });
    expect([status, body.code]).toEqual([500, 'internal']);
    expect(lines.at(-2)).toMatchObject({ level: 'error', code: 'object_lost', request: body.request_id });
    expect(await snapshot(folder)).toEqual(before);
  });

  test('is missing over packs is not born again', async () => {
    const { folder, service } = await openWiki();
    const uuid = await service.wikiId();
    await mkdir(join(folder, 'packs', uuid), { recursive: true });
    await writeFile(join(folder, 'packs', uuid, 'p1.pack'), 'PACK');
    await rm(join(folder, 'ledger'), { recursive: true });
    const before = await snapshot(folder);
    await expect(service.createWiki()).rejects.toMatchObject({ code: 'wiki_lost' });
    expect(await snapshot(folder)).toEqual(before);
  });
});

describe('a data folder', () => {
  test('that is a file is named in the log', async () => {
    const { folder } = await openWiki();
    const file = join(folder, 'file');
    await writeFile(file, 'x');
    await expect(openWiki({ KITTIWAKE_DATA: file })).rejects.toMatchObject({
      message: expect.stringContaining(file),
    });
    expect(await readFile(file, 'utf8')).toBe('x');
  });

  test('of another name holds no wiki', async () => {
    const { call, service, folder } = await openWiki();
    await rm(join(folder, 'wikis'), { recursive: true });
    service.wikiId.reset();
    const { status, body } = await call('GET', '/pages/a');
    expect([status, body.code]).toEqual([503, 'wiki_absent']);
  });

  test('becomes one wiki when several create it at once', async () => {
    const { folder, service } = await openWiki();
    await rm(folder, { recursive: true });
    service.store.reset();
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => service.createWiki()));
    const made = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(made).toHaveLength(1);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused.map(outcome => 'reason' in outcome && outcome.reason.code)).toEqual(
      Array(3).fill('wiki_exists'),
    );
  });
});

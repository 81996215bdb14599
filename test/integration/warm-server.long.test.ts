import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createData, filesBelow, openData } from '../support/data-folder.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { commitFiles } from '../support/repository.ts';
import { logged, type Reply, type ServedWiki, serveWiki } from '../support/served-wiki.ts';
import { damage, fileOf, prepareData } from './damaged-data.ts';

/** What a server that has answered already does when its files are changed under it. */

async function warmServer(data: string): Promise<ServedWiki> {
  const server = await serveWiki(data);
  expect(await server.text('old')).toBe('old text');
  expect((await server.call('PUT', '/pages/warm', { content: 'x' })).status).toBe(201);
  return server;
}

async function codes(replies: readonly Promise<Reply>[]): Promise<[number, string][]> {
  return (await Promise.all(replies)).map(({ status, body }) => [status, body.code]);
}

const write = (server: ServedWiki) => server.call('PUT', '/pages/fresh', { content: 'x' });
const read = (server: ServedWiki) => server.call('GET', '/pages/old');

describe('a warm server', () => {
  it('whose ledger is replaced by that of another wiki answers 410', async () => {
    const data = await prepareData();
    const server = await warmServer(data);
    const other = temporaryFolder();
    const repository = await createData(other);
    await commitFiles(repository, { 'old.md': 'of another wiki' });
    const uuid = await openData(data).wikiId();
    const ledger = join(data, 'ledger', `${uuid}~`);
    rmSync(ledger, { recursive: true });
    cpSync(join(other, 'ledger', `${repository.uuid}~`), ledger, { recursive: true });
    const before = filesBelow(join(data, 'ledger'));
    expect(await codes([read(server), write(server), read(server)])).toEqual(
      Array(3).fill([410, 'object_replaced']),
    );
    expect(filesBelow(join(data, 'ledger'))).toEqual(before);
  });

  it('whose ledger goes back to an older version writes nothing', async () => {
    const data = await prepareData();
    const backup = join(temporaryFolder(), 'ledger');
    cpSync(join(data, 'ledger'), backup, { recursive: true });
    const server = await warmServer(data);
    rmSync(join(data, 'ledger'), { recursive: true });
    cpSync(backup, join(data, 'ledger'), { recursive: true });
    const before = filesBelow(join(data, 'ledger'));
    expect(await codes([read(server), write(server)])).toEqual(Array(2).fill([500, 'internal']));
    expect(filesBelow(join(data, 'ledger'))).toEqual(before);
    const lines = logged(await server.stop());
    expect(new Set(lines.map(line => line.code))).toEqual(new Set(['object_lost']));
  });

  it('whose data folder is deleted says what is lost and makes nothing again', async () => {
    const data = await prepareData();
    const server = await warmServer(data);
    rmSync(data, { recursive: true });
    for (const reply of [write, read, write]) {
      const { status, body } = await reply(server);
      expect([status, body.code]).toEqual([500, 'internal']);
    }
    expect((await server.call('GET', '/health')).status).toBe(200);
    expect((await server.call('GET', '/search?q=x')).status).toBe(500);
    const lines = logged(await server.stop()).filter(line => line.event === 'request_failed');
    expect(new Set(lines.map(line => line.code))).toEqual(new Set(['object_lost']));
    expect(lines[0]).toMatchObject({ message: expect.stringContaining('"ledger/') });
    expect(existsSync(data)).toBe(false);
  });

  it('goes on when its data folder is away for a while', async () => {
    const data = await prepareData();
    const server = await warmServer(data);
    const away = join(temporaryFolder(), basename(data));
    renameSync(data, away);
    expect((await write(server)).status).toBe(500);
    renameSync(away, data);
    expect((await write(server)).status).toBe(201);
    expect(await server.text('warm')).toBe('x');
  });

  it('whose ledger is damaged overwrites nothing, and goes on when it is repaired', async () => {
    const data = await prepareData();
    const server = await warmServer(data);
    const file = join(data, fileOf(data, 'ledger'));
    cpSync(file, `${data}/kept`);
    damage(data, 'ledger', 'flipped');
    const before = filesBelow(join(data, 'ledger'));
    const first = await write(server);
    // The put met a conflict, and whether it was its own effect cannot be read.
    expect([first.status, first.body.code]).toEqual([503, 'outcome_unknown']);
    expect((await read(server)).status).toBe(500);
    expect((await write(server)).status).toBe(500);
    expect(filesBelow(join(data, 'ledger'))).toEqual(before);
    cpSync(`${data}/kept`, file);
    expect((await write(server)).status).toBe(201);
    const lines = logged(await server.stop());
    for (const line of lines) expect(line.message).toContain('"ledger/');
    expect(lines[0]).toMatchObject({ code: 'outcome_unknown', cause: { code: 'ledger_corrupt' } });
    expect(lines[1]).toMatchObject({ code: 'ledger_corrupt' });
  });

  it('whose pack or map is gone answers what it holds', async () => {
    for (const part of ['pack', 'map'] as const) {
      const data = await prepareData();
      const server = await warmServer(data);
      const name = fileOf(data, part);
      damage(data, part, 'missing');
      expect(await server.text('old')).toBe('old text');
      expect(await server.text('new')).toBe('new text');
      const path = part === 'pack' ? '/pages/folder/deep' : '/pages/old/history';
      expect((await server.call('GET', path)).status).toBe(500);
      expect((await write(server)).status).toBe(201);
      const lines = logged(await server.stop());
      expect(lines.filter(({ event }) => event === 'request_failed')).toMatchObject([
        { code: 'pack_missing', message: expect.stringContaining(name) },
      ]);
      expect(existsSync(join(data, name))).toBe(false);
    }
  });
});

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { examine } from '../../src/git/doctor/doctor.ts';
import { kittiwake } from '../support/cli.ts';
import { createData, filesBelow, openData } from '../support/data-folder.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { commitFiles } from '../support/repository.ts';
import { logged, type ServedWiki, serveWiki } from '../support/served-wiki.ts';
import { copyOf, type Damage, damage, fileOf, type Part, prepareData } from './damaged-data.ts';

/** Stored files that are damaged or gone: what can be answered is, what cannot names the file, nothing is overwritten. */

const READS = ['/health', '/pages/new', '/pages/old', '/pages', '/pages/old/history', '/search?q=text'];

async function statuses(server: ServedWiki, paths: readonly string[]): Promise<number[]> {
  const found: number[] = [];
  for (const path of paths) found.push((await server.call('GET', path)).status);
  return found;
}

/** What is made anew from the other files. */
const DERIVED = /^(search|site|projections|render)\//;

function stored(data: string): Record<string, string> {
  const files = Object.entries(filesBelow(data));
  return Object.fromEntries(files.filter(([path]) => !DERIVED.test(path)));
}

describe('a server on a wiki whose', () => {
  const rows: { part: Part; how: Damage; reads: number[]; write: number; code: string }[] = [
    {
      part: 'ledger',
      how: 'flipped',
      reads: [200, 500, 500, 500, 500, 500],
      write: 500,
      code: 'ledger_corrupt',
    },
    {
      part: 'ledger',
      how: 'truncated',
      reads: [200, 500, 500, 500, 500, 500],
      write: 500,
      code: 'ledger_corrupt',
    },
    {
      part: 'pack',
      how: 'truncated',
      reads: [200, 200, 500, 200, 200, 500],
      write: 201,
      code: 'pack_corrupt',
    },
    { part: 'pack', how: 'missing', reads: [200, 200, 500, 200, 200, 500], write: 201, code: 'pack_missing' },
    // Where a page lies is in the map; the search reads without it.
    {
      part: 'idx',
      how: 'truncated',
      reads: [200, 200, 200, 200, 200, 500],
      write: 201,
      code: 'pack_index_corrupt',
    },
    { part: 'idx', how: 'missing', reads: [200, 200, 200, 200, 200, 500], write: 201, code: 'pack_missing' },
    { part: 'map', how: 'flipped', reads: [200, 200, 500, 500, 500, 500], write: 500, code: 'map_corrupt' },
    { part: 'map', how: 'truncated', reads: [200, 200, 500, 500, 500, 500], write: 500, code: 'map_corrupt' },
    { part: 'map', how: 'missing', reads: [200, 200, 500, 500, 500, 500], write: 500, code: 'pack_missing' },
  ];

  it.for(rows)('$part is $how', async ({ part, how, reads, write, code }) => {
    const data = copyOf(await prepareData());
    const name = fileOf(data, part);
    damage(data, part, how);
    const before = stored(data);
    const server = await serveWiki(data);
    expect(await statuses(server, READS)).toEqual(reads);
    expect((await server.call('PUT', '/pages/fresh', { content: 'x' })).status).toBe(write);
    const lines = logged(await server.stop()).filter(line => line.code === code);
    expect(lines.length).toBeGreaterThan(0);
    const named = name.replace(/~.*$|\.map$/, '').replace(/.*\/(?=pack-)/, '');
    for (const { message } of lines) expect(message).toContain(named);
    const after = stored(data);
    if (write === 500) expect(after).toEqual(before);
    else expect(after).toMatchObject(withoutLedger(before));
  });

  it('ledger is missing over its packs is not born again', async () => {
    const data = await prepareData();
    rmSync(join(data, 'ledger'), { recursive: true });
    const before = stored(data);
    const server = await serveWiki(data);
    expect(await statuses(server, READS)).toEqual([200, 500, 500, 500, 500, 500]);
    const { status, body } = await server.call('PUT', '/pages/fresh', { content: 'x' });
    expect([status, body.code]).toEqual([500, 'internal']);
    const lines = logged(await server.stop());
    expect(new Set(lines.map(line => line.code))).toEqual(new Set(['wiki_lost']));
    const line = lines.find(each => each.request === body.request_id);
    expect(line?.message).toContain('"ledger/');
    expect(stored(data)).toEqual(before);
  });
});

function withoutLedger(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !path.startsWith('ledger/')));
}

/** What doctor finds, or fails with. */
async function found(data: string): Promise<{ code: string; message: string }[]> {
  const repository = await openData(data).repository();
  return examine(repository).then(
    ({ findings }) => findings,
    error => [error],
  );
}

describe('a command on a wiki whose', () => {
  const rows: { part: Part; how: Damage; code: string; named: RegExp }[] = [
    { part: 'ledger', how: 'flipped', code: 'ledger_corrupt', named: /"ledger\/[0-9a-f]{32}"/ },
    { part: 'pack', how: 'truncated', code: 'pack_corrupt', named: /pack-[0-9a-f]{32}\.pack/ },
    { part: 'pack', how: 'flipped', code: 'pack_corrupt', named: /pack-[0-9a-f]{32}\.pack/ },
    { part: 'pack', how: 'missing', code: 'pack_missing', named: /pack-[0-9a-f]{32}\.pack/ },
    { part: 'idx', how: 'truncated', code: 'pack_index_corrupt', named: /pack-[0-9a-f]{32}/ },
    { part: 'idx', how: 'missing', code: 'pack_missing', named: /pack-[0-9a-f]{32}\.idx/ },
    { part: 'map', how: 'truncated', code: 'map_corrupt', named: /pack-[0-9a-f]{32}/ },
  ];

  it.for(rows)(
    '$part is $how exports nothing broken, and doctor says it',
    async ({ part, how, code, named }) => {
      const data = await prepareData();
      damage(data, part, how);
      const before = stored(data);
      const target = join(temporaryFolder(), 'out.git');
      const messages = (await found(data)).filter(error => error.code === code).map(error => error.message);
      expect(messages.join('\n')).toMatch(named);
      const exported = await kittiwake(['export', target, '--data', data]);
      if (part !== 'map') {
        expect([exported.code, exported.err]).toEqual([1, expect.stringMatching(named)]);
        expect(existsSync(target)).toBe(false);
      }
      expect(stored(data)).toEqual(before);
    },
  );

  it('ledger is missing over its packs refuses to write', async () => {
    const data = await prepareData();
    rmSync(join(data, 'ledger'), { recursive: true });
    const before = stored(data);
    const source = copyOf(data);
    const runs = [['flush'], ['gc'], ['wiki', 'create'], ['import', source, '--attachments', 'all']];
    for (const args of runs) {
      const { code, err } = await kittiwake([...args, '--data', data]);
      expect([args, code, err]).toEqual([
        args,
        1,
        expect.stringMatching(/^error: .*ledger.*\(wiki_lost\)\n$/),
      ]);
    }
    expect(stored(data)).toEqual(before);
  });

  it('packs are damaged merges none of them', async () => {
    const data = temporaryFolder();
    const repository = await createData(data);
    for (let pack = 0; pack < 5; pack += 1) {
      await commitFiles(repository, { [`page${pack}.md`]: 'text' });
      await repository.flusher.flush();
    }
    const [name = ''] = Object.keys(filesBelow(data)).filter(path => path.endsWith('.pack'));
    const bytes = readFileSync(join(data, name));
    writeFileSync(join(data, name), bytes.fill(0x55, 20, 30));
    const before = stored(data);
    const { code, err } = await kittiwake(['gc', '--readers-grace', '0', '--data', data]);
    expect([code, err]).toEqual([1, expect.stringContaining(`${name}"`)]);
    expect(err).toContain('(pack_corrupt)');
    expect(stored(data)).toEqual(before);
  });
});

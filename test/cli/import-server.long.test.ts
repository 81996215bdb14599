import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { KittiwakeClient } from '../../src/client/client.ts';
import { temporaryFolder } from '../support/cli.ts';
import { expectExamined } from '../support/data-folder.ts';
import { serveWiki } from '../support/served-wiki.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const TEXT = 'Kittiwakes nest on narrow ledges. '.repeat(30);

const serve = (data: string) => serveWiki(data, { env: { KITTIWAKE_IMPORT_BATCH: '1MiB' } });

function csvOf(rows: number, name = 'page'): string {
  const lines = Array.from({ length: rows }, (_, n) => `area ${n % 7}/${name} ${n},"${TEXT}"\n`);
  return `path,content\n${lines.join('')}`;
}

describe('a server', () => {
  it('carries imports out beside its answers, and finds their pages at once', {
    timeout: 120_000,
  }, async () => {
    const data = folder.path('one');
    const server = await serve(data);
    const client = server.client();
    const tables = [csvOf(2_000), csvOf(50, 'other')];
    const started = await Promise.all(tables.map(csv => client.imports.start('birds.csv', csv)));
    await Promise.all(started.map(({ id }) => client.imports.wait(id)));
    expect((await client.page('area 3/page 3')).content.trim()).toBe(TEXT.trim());
    expect(await server.stop()).toMatchObject({ code: 0 });
    const view = await (await expectExamined(data)).view();
    expect((await view.files('')).length).toBe(2_050);
  });

  it('goes on with an import in the middle of which it was killed', { timeout: 120_000 }, async () => {
    const data = folder.path('two');
    const first = await serve(data);
    const { id } = await first.client().imports.start('birds.csv', csvOf(12_000));
    await hasRead(first.client(), id);
    await first.kill();
    const second = await serve(data);
    expect(await second.client().imports.wait(id)).toMatchObject({ state: 'done' });
    const view = await (await expectExamined(data)).view();
    expect((await view.files('')).length).toBe(12_000);
    const log = await Array.fromAsync(view.log());
    expect(log).toHaveLength(1);
  });
});

async function hasRead(client: KittiwakeClient, id: string): Promise<void> {
  while ((await client.imports.read(id)).progress.rows === 0) await wait(20);
}

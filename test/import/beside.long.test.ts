import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { kittiwake, temporaryFolder } from '../support/cli.ts';
import { expectSound, openData } from '../support/data-folder.ts';
import { type ServedWiki, serveWiki } from '../support/served-wiki.ts';
import { pagesOf, writeRows } from './big-import.ts';

const ROWS = Number(process.env.KITTIWAKE_TEST_IMPORT_ROWS ?? 6_000);
const ENV = { KITTIWAKE_IMPORT_BATCH: '1MiB' };
const PAUSE_MS = 5;

const folder = temporaryFolder();
afterAll(() => folder.remove());

async function startImport(wiki: ServedWiki, file: string): Promise<string> {
  const body = readFileSync(file);
  const { body: made } = await wiki.call('POST', '/imports', { name: 'rows.csv', size: body.length });
  const sent = await wiki.send('PUT', `/imports/${made.id}/source`, { body });
  expect(sent.ok).toBe(true);
  return made.id;
}

async function ended(wiki: ServedWiki, id: string): Promise<{ state: string }> {
  for (;;) {
    const { body } = await wiki.call('GET', `/imports/${id}`);
    if (['done', 'failed', 'cancelled'].includes(body.state)) return body;
    await wait(PAUSE_MS);
  }
}

/** What a writer was told is there; undefined: removed. */
type Acknowledged = Map<string, string | undefined>;

/** Makes, changes and removes pages, some of them in folders of the import, until it is over. */
async function writeUntil(wiki: ServedWiki, place: string, over: Promise<unknown>): Promise<Acknowledged> {
  const told: Acknowledged = new Map();
  let isOver = false;
  const stop = () => {
    isOver = true;
  };
  over.then(stop, stop);
  for (let turn = 0, revision: string | undefined; !isOver; turn += 1) {
    const path = `${place}/note ${Math.floor(turn / 3)}`;
    if (turn % 3 === 0) revision = undefined;
    const isRemoval = turn % 9 === 5;
    const content = `${place}, turn ${turn}\n`;
    const { status, body } = await wiki.call(
      isRemoval ? 'DELETE' : 'PUT',
      `/pages/${encodeURI(path)}`,
      isRemoval ? { revision } : { content, revision },
    );
    expect([200, 201, 204], JSON.stringify(body)).toContain(status);
    revision = body?.revision;
    told.set(path, isRemoval ? undefined : content);
    await wait(PAUSE_MS);
  }
  return told;
}

async function treeOf(data: string, path: string): Promise<string | undefined> {
  return (await (await openData(data).repository()).view()).entry(path).then(entry => entry?.oid);
}

it('pages that are written beside an import are all there, and so are the import’s', {
  timeout: 300_000,
}, async () => {
  const file = folder.path('rows.csv');
  await writeRows(file, ROWS, 'csv');
  const alone = folder.path('alone');
  expect(await kittiwake(['import', file, '--data', alone])).toMatchObject({ code: 0 });

  const data = folder.path('beside');
  const wiki = await serveWiki(data, { env: ENV });
  await wiki.call('PUT', '/pages/First', { content: 'Before the import' });
  const id = await startImport(wiki, file);
  const over = ended(wiki, id);
  const places = ['Notes', 'Coast 3', 'Coast 7/Cliff 30'];
  const told = await Promise.all(places.map(place => writeUntil(wiki, place, over)));
  expect(await over).toMatchObject({ state: 'done' });

  let there = 1;
  for (const [path, content] of told.flatMap(each => [...each])) {
    expect(await wiki.text(encodeURI(path)), path).toBe(content);
    if (content !== undefined) there += 1;
  }
  await wiki.stop();
  const view = await (await openData(data).repository()).view();
  expect((await view.files('')).length).toBe(pagesOf(ROWS) + there);
  for (const path of ['coast 4', 'coast 7/cliff 53', 'coast 22'])
    expect(await treeOf(data, path), path).toBe(await treeOf(alone, path));
  const { commits } = await expectSound(data);
  const writes = told.reduce((sum, { size }) => sum + size, 0);
  expect(commits.length).toBeGreaterThan(writes);
});

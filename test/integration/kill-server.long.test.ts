import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createData, expectSound, openData } from '../support/data-folder.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { needs } from '../support/needs.ts';
import { type ServedWiki, serveWiki } from '../support/served-wiki.ts';
import { dyingAt } from './killed-process.ts';
import { RecordedWrites } from './recorded-writes.ts';

/** Servers that die by SIGKILL while they write, again and again on one folder. */

const PAGES = Array.from({ length: 9 }, (_, page) => `folder ${page % 3}/page ${page}`);

/** Three writers on each server; each has a page of its own and shares the others. */
function startWriters(recorded: RecordedWrites, servers: readonly ServedWiki[]): Promise<unknown> {
  const writers = servers.flatMap((server, at) =>
    [0, 1, 2].map(writer => recorded.write(server, PAGES.slice(writer * 2 + at))),
  );
  return Promise.all(writers);
}

async function answered(recorded: RecordedWrites, more: number): Promise<void> {
  const enough = recorded.answered + more;
  while (recorded.answered < enough) await delay(1);
}

/** The next process serves at once. Once all is known, what was acknowledged is there once, what was refused is not. */
async function checkAfterDeath(data: string, recorded: RecordedWrites, when: string): Promise<ServedWiki> {
  const server = await serveWiki(data);
  const { status, body } = await server.call('GET', '/changelog?limit=1');
  expect([status, body.total], when).toEqual([200, 1]);
  await recorded.settle(server);
  recorded.expectIn(await expectSound(data, when), when);
  return server;
}

describe('kill -9 loses no acknowledged write, and no refused write appears:', () => {
  it('at random moments, of one server or of two on one folder', { timeout: 120_000 }, async ctx => {
    needs(ctx, 'git');
    const data = temporaryFolder();
    await createData(data);
    const recorded = new RecordedWrites();
    let survivor = await serveWiki(data);
    const packs = async () => (await (await openData(data).repository()).ledger(0)).packs.length;
    for (let round = 0; round < 4 || (round < 16 && (await packs()) === 0); round += 1) {
      const servers = round % 2 === 0 ? [survivor] : [survivor, await serveWiki(data)];
      const writing = startWriters(recorded, servers);
      await answered(recorded, 20);
      const waitMs = Math.random() * 250;
      await delay(waitMs);
      for (const server of servers) await server.kill();
      await writing;
      survivor = await checkAfterDeath(data, recorded, `round ${round}, killed after ${waitMs} ms`);
    }
    expect(await packs()).toBeGreaterThan(0);
    expect(new Set(recorded.writes.map(({ outcome }) => outcome))).toEqual(
      new Set(['acknowledged', 'refused']),
    );
  });

  it('right before any call that changes a file', { timeout: 60_000 }, async ctx => {
    needs(ctx, 'git');
    const data = temporaryFolder();
    await createData(data);
    const recorded = new RecordedWrites();
    for (let round = 0; round < 5; round += 1) {
      const call = 1 + Math.floor(Math.random() * 500);
      const server = await serveWiki(data, { env: dyingAt(call) });
      await startWriters(recorded, [server]);
      expect(await server.finished).toMatchObject({ code: null });
      const next = await checkAfterDeath(data, recorded, `round ${round}, killed before call ${call}`);
      await next.kill();
    }
  });
});

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createProjectHandler } from '../../src/handler/project.ts';
import type { Service } from '../../src/lazy/app.ts';
import { ask, seen } from '../integration/round-trips-support.ts';
import { commitFiles } from '../support/repository.ts';
import {
  CONTEXT,
  type FunctionBed,
  functionBed,
  logLines,
  notice,
  queueEvent,
  SCHEDULE,
} from './queue-support.ts';

/** Pages of some packs, and the newest in the journal. */
async function fill(bed: FunctionBed): Promise<void> {
  const repository = await bed.open().repository();
  for (let pack = 0; pack < 3; pack += 1) {
    const pages = Array.from({ length: 30 }, (_, n) => [`p${pack}-${n}.md`, `gull ${pack} ${n}`]);
    await commitFiles(repository, Object.fromEntries(pages));
    await repository.flusher.flush();
  }
  await commitFiles(repository, { 'newest.md': 'gull' });
}

function start(bed: FunctionBed) {
  const { lines, write } = logLines();
  const handler = createProjectHandler({ env: bed.environment(), runtime: bed.runtime, write });
  return { handler, lines };
}

/** What the server sees of one search by a process that has just started. */
async function coldSearch(bed: FunctionBed, service: Service = bed.open()) {
  let total = 0;
  const { calls, inSequence } = await seen(bed.server, async () => {
    total = (await ask(service, 'GET', '/search?q=gull')).body.total;
  });
  return { total, calls, inSequence };
}

describe('a cold search in a bucket', () => {
  test('reads the index that the projection function has published, and no page', async () => {
    const bed = await functionBed();
    await fill(bed);
    const before = await coldSearch(bed);
    const written = queueEvent(notice(`ledger/${bed.uuid}`));
    const { handler, lines } = start(bed);
    await handler(written, CONTEXT);
    expect(lines).toMatchObject([{ event: 'projections', index: 'published', head_ordinal: 3 }]);
    bed.server.switches.latencyMs = 300;
    const after = await coldSearch(bed);
    expect([before.total, after.total]).toEqual([91, 91]);
    // The pointer comes with the ledger, the index after both.
    expect(after.calls.sort()).toEqual(['GET ledger', 'GET search', 'GET search']);
    expect(after.inSequence).toBe(2);
    expect(before.calls.length).toBeGreaterThan(10 * after.calls.length);
  });

  test('takes in what was written since', async () => {
    const bed = await functionBed();
    await fill(bed);
    await start(bed).handler(SCHEDULE, CONTEXT);
    await commitFiles(await bed.open().repository(), { 'later.md': 'gull' });
    const { total, calls } = await coldSearch(bed);
    expect([total, calls.slice(0, 3).sort()]).toEqual([92, ['GET ledger', 'GET search', 'GET search']]);
    expect(calls).not.toContain('GET pack');
  });

  test('a warm one asks for the ledger alone', async () => {
    const bed = await functionBed();
    await fill(bed);
    await start(bed).handler(SCHEDULE, CONTEXT);
    const service = bed.open();
    await coldSearch(bed, service);
    expect((await coldSearch(bed, service)).calls).toEqual(['GET ledger 304']);
  });

  test('asks again when the first one failed and others have published since', async () => {
    const bed = await functionBed();
    await fill(bed);
    const { handler } = start(bed);
    await handler(SCHEDULE, CONTEXT);
    const service = bed.open();
    bed.server.switches.permissions = ({ key }) => key?.startsWith('search/') === true;
    expect((await ask(service, 'GET', '/search?q=gull')).status).toBe(500);
    bed.server.switches.permissions = () => true;
    await commitFiles(await bed.open().repository(), { 'later.md': 'gull' });
    for (const _ of [1, 2]) {
      bed.pass(20 * 60_000);
      await handler(SCHEDULE, CONTEXT);
    }
    const { total, calls } = await coldSearch(bed, service);
    expect([total, calls.filter(call => /pack|map/.test(call))]).toEqual([92, []]);
  });

  test('goes on without it where it may not be read', async () => {
    const bed = await functionBed();
    await fill(bed);
    await start(bed).handler(SCHEDULE, CONTEXT);
    bed.server.switches.permissions = ({ key }) => !key?.startsWith('search/');
    expect((await coldSearch(bed)).total).toBe(91);
  });
});

describe('the projection function', () => {
  test('begins with the published index itself', async () => {
    const bed = await functionBed();
    await fill(bed);
    await start(bed).handler(SCHEDULE, CONTEXT);
    await commitFiles(await bed.open().repository(), { 'later.md': 'gull' });
    bed.pass(60_000);
    const { handler, lines } = start(bed);
    const { calls } = await seen(bed.server, () =>
      handler(queueEvent(notice(`ledger/${bed.uuid}`)), CONTEXT),
    );
    expect(lines).toMatchObject([{ index: 'published', head_ordinal: 4 }]);
    expect(calls).not.toContain('GET pack');
  });

  test('publishes forward only when two run at once', async () => {
    const bed = await functionBed();
    await fill(bed);
    const written = queueEvent(notice(`ledger/${bed.uuid}`));
    const both = [start(bed), start(bed)];
    await Promise.all(both.map(({ handler }) => handler(written, CONTEXT)));
    const outcomes = both.map(({ lines }) => lines[0]?.index);
    expect(outcomes).toContain('published');
    expect((await coldSearch(bed)).calls.sort()).toEqual(['GET ledger', 'GET search', 'GET search']);
  });

  test('removes what an earlier process left on the disk', async () => {
    const bed = await functionBed();
    await fill(bed);
    const env = bed.environment();
    const folder = join(env.KITTIWAKE_DATA ?? '', 'search');
    const left = `${bed.uuid}.sqlite.snapshot-x`;
    mkdirSync(join(folder, left), { recursive: true });
    writeFileSync(join(folder, left, 'index.sqlite'), 'x');
    const { lines, write } = logLines();
    await createProjectHandler({ env, runtime: bed.runtime, write })(SCHEDULE, CONTEXT);
    expect(lines).toMatchObject([{ index: 'published' }]);
    expect(readdirSync(folder).filter(name => name.includes('snapshot'))).toEqual([]);
  });

  test('sweeps the indexes that were replaced', async () => {
    const bed = await functionBed();
    const { handler, lines } = start(bed);
    for (const text of ['gull', 'tern']) {
      await commitFiles(await bed.open().repository(), { 'a.md': text });
      await handler(SCHEDULE, CONTEXT);
      bed.pass(20 * 60_000);
    }
    await handler(SCHEDULE, CONTEXT);
    expect(lines.map(line => line.indexes_deleted)).toEqual([0, 0, 1]);
    const { text } = await bed.send('GET', '', {
      path: '/wikis',
      query: { 'list-type': '2', prefix: 'search/' },
      signedMs: bed.runtime.now(),
    });
    expect(text.split('<Key>').length - 1).toBe(2);
  });
});

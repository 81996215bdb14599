import { expect, it, onTestFinished, vi } from 'vitest';
import { startBackgroundThread } from '../../src/cli/background-thread.ts';
import { type BackgroundWikisOptions, startBackgroundWikis } from '../../src/cli/background-wikis.ts';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { readProjectionSettings } from '../../src/core/projection-config.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { openManyWikis } from '../tenant/many-wikis.ts';

const soon = { timeout: 15_000, interval: 20 };

async function setUp(options: Partial<BackgroundWikisOptions> = {}) {
  const many = await openManyWikis();
  const failures: string[] = [];
  const log = createLogger({ level: 'warn', write: line => failures.push(line), now: Date.now });
  const background = await startBackgroundWikis(many.service, {
    runtime: systemRuntime,
    log,
    maxWikis: 4,
    ...options,
  });
  onTestFinished(async () => {
    await background.stop();
    expect(failures).toEqual([]);
  });
  const indexed = async (tenant: { name: string; uuid: string }) => {
    const { handles, release } = (await many.service.wikis()).lease(tenant);
    const { search, repository } = handles.handles;
    const [{ projection }, { head }] = [await search(), await (await repository()).view()];
    const cursor = await projection.cursor();
    release();
    return head !== undefined && cursor?.head === head;
  };
  return { ...many, background, indexed };
}

it('the index of a wiki that is written to is led on', async () => {
  const { create, background, indexed } = await setUp();
  const anna = { name: 'anna', uuid: await create('anna', 'text') };
  const bert = { name: 'bert', uuid: await create('bert', 'text') };
  background.wake(anna);
  await vi.waitFor(async () => expect(await indexed(anna)).toBe(true), soon);
  expect(await indexed(bert)).toBe(false);
  background.wake(bert);
  await vi.waitFor(async () => expect(await indexed(bert)).toBe(true), soon);
});

it('the work goes on for no more wikis at once than may be, and all are served', async () => {
  const { create, background, indexed } = await setUp({ maxWikis: 1 });
  const wikis = [];
  for (const name of ['anna', 'bert', 'cleo']) wikis.push({ name, uuid: await create(name, 'text') });
  for (const wiki of wikis) background.wake(wiki);
  for (const wiki of wikis) {
    background.wake(wiki);
    await vi.waitFor(async () => expect(await indexed(wiki)).toBe(true), soon);
  }
});

it('what waits is done now and then in wikis that nobody writes to', async () => {
  const { create, indexed } = await setUp({ ownersEveryMs: 5, completeEveryMs: 5 });
  const anna = { name: 'anna', uuid: await create('anna', 'text') };
  await vi.waitFor(async () => expect(await indexed(anna)).toBe(true), soon);
  const bert = { name: 'bert', uuid: await create('bert', 'text') };
  await vi.waitFor(async () => expect(await indexed(bert)).toBe(true), soon);
});

it('a thread does the work of many wikis', async () => {
  const { create, folder, service, indexed } = await setUp();
  const given = readConfig({
    env: { KITTIWAKE_DATA: folder, KITTIWAKE_TENANTS: 'host:wiki.example.org' },
  });
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const log = createLogger({ level: 'warn', write, now: Date.now });
  const projections = readProjectionSettings({ env: {} });
  const thread = startBackgroundThread({
    ...given,
    projections,
    runtime: systemRuntime,
    log,
    write,
    gatherMs: 5,
  });
  onTestFinished(service.onCommit(thread.wake));
  const wikis = [];
  for (const name of ['anna', 'bert']) wikis.push({ name, uuid: await create(name, 'text') });
  for (const wiki of wikis) await vi.waitFor(async () => expect(await indexed(wiki)).toBe(true), soon);
  await thread.stop();
  expect(lines).toEqual([]);
});

it('what a process that ended has left untold is told in wikis that nobody writes to', async () => {
  const many = await openManyWikis();
  const { call, create } = many;
  const uuid = await create('anna');
  const user = await call('anna', 'POST', '/users', { name: 'Bert', email: 'bert@example.org' });
  const { handles, release } = (await many.service.wikis()).lease({ name: 'anna', uuid });
  const { state, users } = handles.handles;
  await (await state()).write(async (rows, { nowMs }) => {
    await rows.insertInto('owner_change').values({ user_id: user.body.id, at_ms: nowMs }).execute();
  });
  const log = createLogger({ write: () => {}, now: Date.now });
  const options = { runtime: systemRuntime, log, maxWikis: 4, ownersEveryMs: 5 };
  const background = await startBackgroundWikis(many.service, options);
  const left = async () =>
    (await state()).read(rows => rows.selectFrom('owner_change').selectAll().execute());
  await vi.waitFor(async () => expect(await left()).toEqual([]), soon);
  expect(await (await users()).finish()).toBe(0);
  await background.stop();
  release();
});

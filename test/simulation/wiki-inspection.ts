import { isKittiwakeError } from '../../src/core/errors.ts';
import type { Runtime } from '../../src/core/runtime.ts';
import { examine } from '../../src/git/doctor/doctor.ts';
import { readRecords } from '../../src/git/ledger/key-segment.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { createDescribe } from '../../src/wiki/markup/describe.ts';
import { DEFAULT_SETTINGS } from '../../src/wiki/settings.ts';
import { directStore } from './direct-store.ts';
import type { WikiHistory } from './wiki-history.ts';
import type { Subject } from './wiki-subject.ts';
import type { World } from './world.ts';

/** Looks at what a run left, as a process does that has just been started; twice, with a collection between. */
export async function inspect(
  world: World,
  uuid: string,
  history: WikiHistory,
  subject: Subject,
): Promise<string[]> {
  const found: string[] = [];
  try {
    await examineAll(openDirectly(world, uuid, subject), history, found);
    const collecting = openDirectly(world, uuid, subject);
    const graces = { orphanGraceMs: 0, readerGraceMs: 0 };
    await subject.collectGarbage(collecting, graces);
    await subject.collectGarbage(collecting, graces);
    await examineAll(openDirectly(world, uuid, subject), history, found, 'after a collection: ');
  } catch (error) {
    found.push(`inspecting failed: ${error instanceof Error ? error.stack : error}`);
  }
  return found;
}

/** The wiki as it is in the cloud, with a clock ahead of all others and no faults. */
export function openDirectly(world: World, uuid: string, subject: Subject): LedgerRepository {
  const runtime: Runtime = {
    now: () => world.scheduler.nowMs + 60_000,
    sleep: () => new Promise(() => {}),
    turn: () => Promise.resolve(),
    random: () => world.prng.random(),
    randomBytes: count => world.prng.bytes(count),
  };
  return subject.openRepository({
    store: directStore(world.cloud),
    uuid,
    runtime,
    describe: createDescribe(DEFAULT_SETTINGS),
    flush: null,
  });
}

async function examineAll(
  repository: LedgerRepository,
  history: WikiHistory,
  found: string[],
  when = '',
): Promise<void> {
  const { findings } = await examine(repository);
  for (const { severity, code, message } of findings)
    if (severity === 'error') found.push(`${when}doctor says ${code}: ${message}`);
  const view = await repository.view();
  const last = history.commits.at(-1);
  if (view.head !== last?.oid) found.push(`${when}the head is ${view.head}, not ${last?.oid}`);
  const files = await view.files('');
  const wanted = [...(last?.after ?? [])].map(([path, { oid }]) => `${path} ${oid}`);
  if (
    files
      .map(({ path, oid }) => `${path} ${oid}`)
      .sort()
      .join() !== wanted.sort().join()
  )
    found.push(`${when}the files are not those of the history`);
  await checkKeys(repository, found, when);
}

/** Every record of a flushed request can be read. */
async function checkKeys(repository: LedgerRepository, found: string[], when: string): Promise<void> {
  for (const { name, count } of (await repository.ledger(0)).keySegments) {
    try {
      const records = readRecords(await repository.packs.read(name, 'keys', 0), count);
      for (const { json } of records) JSON.parse(json);
    } catch (error) {
      if (!isKittiwakeError(error) && !(error instanceof SyntaxError)) throw error;
      found.push(`${when}the idempotency records of "${name}" cannot be read: ${error.message}`);
    }
  }
}

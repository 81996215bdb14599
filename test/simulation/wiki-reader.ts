import { isKittiwakeError } from '../../src/core/errors.ts';
import { hashObject } from '../../src/git/object/object-codec.ts';
import type { LedgerView } from '../../src/git/view/view.ts';
import { pathTarget } from '../../src/wiki/markup/describe.ts';
import type { ClientOptions, WikiClient } from './wiki-client.ts';
import type { Reading } from './wiki-records.ts';
import { PAGES } from './wiki-wishes.ts';

/** Reads now and then until `untilMs`, in the process of `client`. */
export async function readOn(
  client: WikiClient,
  { records, shape }: ClientOptions,
  untilMs: number,
): Promise<void> {
  const { process, repository } = client;
  const { prng, runtime } = process;
  for (let count = 0; count < 40 && process.nowMs < untilMs; count += 1) {
    await runtime.sleep(prng.between(0, 2 * shape.upkeepEveryMs));
    const maxAgeMs = prng.pick([0, 0, 1_000, 60_000]);
    const askedMs = process.nowMs;
    try {
      const view = await repository.view({ maxAgeMs });
      const { head, ordinal } = view;
      const reading: Reading = { process, askedMs, maxAgeMs, viewedMs: process.nowMs, head, ordinal };
      records.readings.push(reading);
      await ask(view, reading);
    } catch (error) {
      if (!isKittiwakeError(error)) throw error;
      const { code, message } = error;
      records.failures.push({ what: 'reading', code, message, tookMs: process.nowMs - askedMs + maxAgeMs });
    }
  }
}

async function ask(view: LedgerView, reading: Reading): Promise<void> {
  const { prng } = reading.process;
  const page = prng.pick(PAGES);
  const kind = prng.random();
  if (kind < 0.4) {
    const path = prng.chance(0.3) ? `${page}/a.bin` : `${page}.md`;
    const file = await view.file(path);
    const contentOid = file === undefined ? null : hashObject('blob', await view.blob(file.oid));
    reading.file = { path, oid: file?.oid ?? null, commit: file?.commit ?? null, contentOid };
  } else if (kind < 0.6) {
    reading.paths = (await view.files('')).map(({ path }) => path);
  } else if (kind < 0.8) {
    reading.sources = { page, found: await view.sources(pathTarget(`${page}.md`)) };
  } else {
    const commits: string[] = [];
    for await (const { commit } of view.touches(`${page}.md`)) commits.push(commit);
    reading.touches = { path: `${page}.md`, commits };
  }
}

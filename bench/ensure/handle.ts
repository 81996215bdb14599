import { join } from 'node:path';
import { systemRuntime } from '../../src/core/runtime.ts';
import { searchSchema } from '../../src/db/search-schema.ts';
import { openSqlite } from '../../src/db/sqlite.ts';
import type { Row } from '../support/report.ts';
import { summarise } from '../support/statistics.ts';
import { expectSame } from '../support/verify.ts';

type Handle = Awaited<ReturnType<typeof openSqlite>>;

/** What the check itself takes: on a new file, on one that has the schema, and every time after that, against a look-up. */
export async function measureCheck(folder: string, rounds: number, calls: number): Promise<Row[]> {
  const known = new Set<unknown>([searchSchema]);
  const done = Promise.resolve();
  const times = new Map<string, number[]>();
  const timed = async (name: string, work: () => Promise<void>) => {
    const startMs = performance.now();
    await work();
    times.set(name, [...(times.get(name) ?? []), performance.now() - startMs]);
  };
  for (let round = 0; round < rounds; round += 1) {
    const file = join(folder, `${round}.sqlite`);
    const withHandle = async (work: (handle: Handle) => Promise<void>) => {
      const handle = await openSqlite({ file, runtime: systemRuntime });
      await work(handle);
      handle.close();
    };
    await withHandle(handle => timed('new file: the schema is made', () => handle.ensure(searchSchema)));
    await withHandle(async handle => {
      await timed('first call of a process', () => handle.ensure(searchSchema));
      await timed('every later call', async () => {
        for (let call = 0; call < calls; call += 1) await handle.ensure(searchSchema);
      });
      const { hits, misses, failures } = handle.ensureCounts;
      expectSame('hits, misses and failures', `${hits} ${misses} ${failures}`, `${calls} 1 0`);
    });
    await timed('reference: one look-up in a set, awaited', async () => {
      for (let call = 0; call < calls; call += 1) if (known.has(searchSchema)) await done;
    });
  }
  return rowsOf(times, calls);
}

function rowsOf(times: ReadonlyMap<string, number[]>, loop: number): Row[] {
  const perCall = [...times].map(([what, samples], index) => {
    const calls = index < 2 ? 1 : loop;
    const { p50, p95, max } = summarise(samples.map(ms => (ms * 1_000_000) / calls));
    return { what, calls, p50, p95, max };
  });
  const reference = perCall.at(-1)?.p50 ?? Number.NaN;
  return perCall.map(row => ({ ...row, ratio: row.p50 / reference }));
}

import { join } from 'node:path';
import { systemRuntime } from '../src/core/runtime.ts';
import { searchSchema } from '../src/db/search-schema.ts';
import { openSqlite } from '../src/db/sqlite.ts';
import { benchOptions } from './support/options.ts';
import { type Column, Report, type Row } from './support/report.ts';
import { summarise } from './support/statistics.ts';
import { expectSame } from './support/verify.ts';
import { inWorkFolder } from './support/work-folder.ts';

/** What it costs to make sure that a schema is there: on a new file, on one that has it, and every time after that. */

const COLUMNS: readonly Column[] = [
  { key: 'what', head: 'ensure of the search schema' },
  { key: 'calls', head: 'calls', as: 'count' },
  { key: 'p50', head: 'p50 us a call', as: 'ms' },
  { key: 'p95', head: 'p95 us a call', as: 'ms' },
  { key: 'max', head: 'max us a call', as: 'ms' },
  { key: 'ratio', head: 'p50 to a look-up', as: 'ratio' },
];

const options = benchOptions({ pages: [], rounds: 100 }, { pages: [], rounds: 20 });
const loop = options.quick ? 10_000 : 100_000;
const report = new Report('ensure', options);

await inWorkFolder(options.folder, async folder => {
  const runtime = systemRuntime;
  const file = (round: number) => join(folder, `${round}.sqlite`);
  const handles: Awaited<ReturnType<typeof openSqlite>>[] = [];
  const open = async (round: number) => {
    handles.splice(0).forEach(handle => void handle.close());
    handles.push(await openSqlite({ file: file(round), runtime }));
  };
  const ensure = async () => await handles[0]?.ensure(searchSchema);
  const known = new Set<unknown>([searchSchema]);
  const done = Promise.resolve();
  const times = new Map<string, number[]>();
  const timed = async (name: string, work: () => Promise<void>) => {
    const startMs = performance.now();
    await work();
    times.set(name, [...(times.get(name) ?? []), performance.now() - startMs]);
  };
  for (let round = 0; round < options.rounds; round += 1) {
    await open(round);
    await timed('new file: the schema is made', ensure);
    await open(round);
    await timed('first call of a process', ensure);
    await timed('every later call', async () => {
      for (let call = 0; call < loop; call += 1) await handles[0]?.ensure(searchSchema);
    });
    await timed('reference: one look-up in a set, awaited', async () => {
      for (let call = 0; call < loop; call += 1) if (known.has(searchSchema)) await done;
    });
    const { hits, misses, failures } = handles[0]?.ensureCounts ?? {};
    expectSame('hits, misses and failures', `${hits} ${misses} ${failures}`, `${loop} 1 0`);
  }
  handles.splice(0).forEach(handle => void handle.close());
  report.table('Per call', COLUMNS, rowsOf(times));
});
report.note('The report that started this measured 1,421,000 us for the second time as well.');
report.finish();

function rowsOf(times: ReadonlyMap<string, number[]>): Row[] {
  const perCall = [...times].map(([what, samples], index) => {
    const calls = index < 2 ? 1 : loop;
    const { p50, p95, max } = summarise(samples.map(ms => (ms * 1_000) / calls));
    return { what, calls, p50, p95, max };
  });
  const reference = perCall.at(-1)?.p50 ?? Number.NaN;
  return perCall.map(row => ({ ...row, ratio: row.p50 / reference }));
}

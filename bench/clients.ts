import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ClientLoad, type Slice, textOf } from './clients/load.ts';
import { expectNothingLost } from './clients/nothing-lost.ts';
import { referenceLoad } from './clients/reference-load.ts';
import { linkedPages } from './support/linked-wiki.ts';
import { benchOptions } from './support/options.ts';
import { type Column, Report, type Row } from './support/report.ts';
import { firstSearch, type Served, serveReference, serveWiki } from './support/served.ts';
import { summarise } from './support/statistics.ts';
import { loadWiki, openWiki } from './support/wiki-folder.ts';
import { inWorkFolder } from './support/work-folder.ts';

/** Many clients at once, each updating a page of its own; afterwards the history must hold every update. */

const COLUMNS: readonly Column[] = [
  { key: 'clients', head: 'clients', as: 'count' },
  { key: 'what', head: 'what' },
  { key: 'rate', head: 'updates/s', as: 'rate' },
  { key: 'p50', head: 'p50 ms', as: 'ms' },
  { key: 'p95', head: 'p95 ms', as: 'ms' },
  { key: 'p99', head: 'p99 ms', as: 'ms' },
  { key: 'max', head: 'max ms', as: 'ms' },
  { key: 'updates', head: 'updates', as: 'count' },
  { key: 'toBare', head: 'rate to bare', as: 'ratio' },
  { key: 'toDurable', head: 'rate to durable', as: 'ratio' },
  { key: 'lost', head: 'lost', as: 'count' },
  { key: 'packs', head: 'packs', as: 'count' },
];

const options = benchOptions(
  { pages: [10_000], rounds: 5, seconds: 10 },
  { pages: [1_000], rounds: 2, seconds: 1 },
);
const report = new Report('clients', options);

const rows: Row[] = [];
for (const pages of options.pages) {
  for (const clients of [8, 64]) {
    report.progress(`${clients} clients on ${clients} of ${pages} pages`);
    rows.push(...(await inWorkFolder(options.folder, folder => measure(folder, pages, clients))));
  }
  report.table(`Clients with a page each at ${pages} pages, ${options.seconds} s`, COLUMNS, rows.splice(0));
}
report.note(
  [
    'bare: a node:http server that answers a constant; durable: the same after temporary file, fsync, rename, fsync of the folder,',
    'of as many bytes as the ledger has. Clients share the machine with the server, in one process of their own.',
    'lost: acknowledged updates that the history does not hold, read from the store after the server ended.',
  ].join('\n'),
);
report.finish();

async function measure(folder: string, pages: number, clients: number): Promise<Row[]> {
  const at = join(folder, 'wiki');
  const uuid = await loadWiki(at, linkedPages(pages));
  const server = await serveWiki(at, uuid);
  await firstSearch(server);
  const reference = await serveReference(join(folder, 'reference'));
  const numbers = Array.from({ length: clients }, (_, index) => Math.floor((index * pages) / clients));
  const load = await ClientLoad.open(server.url, numbers, pages);
  const slices = await interleaved(load, reference, clients, await ledgerBytesOf(at, uuid));
  load.close();
  await server.stop();
  await reference.stop();
  await expectNothingLost(at, uuid, pages, load.acknowledged);
  const packs = readdirSync(join(at, 'packs', uuid)).filter(name => name.endsWith('.pack')).length;
  const [ours, bare, durable] = slices;
  const rates = { bare: rateOf(bare), durable: rateOf(durable) };
  return [
    { ...toRow(clients, 'kittiwake', ours, rates), lost: 0, packs },
    toRow(clients, 'bare server', bare, rates),
    toRow(clients, 'bare server, durable write', durable, rates),
  ];
}

/** In slices, turn by turn. A ledger grows and is flushed: the reference writes one of middling size. */
async function interleaved(
  load: ClientLoad,
  { url }: Served,
  clients: number,
  ledgerBytes: number,
): Promise<[Slice[], Slice[], Slice[]]> {
  const ms = (options.seconds * 1000) / options.rounds;
  const body = JSON.stringify({ content: textOf(0, 0), revision: '0'.repeat(40) });
  const slices: [Slice[], Slice[], Slice[]] = [[], [], []];
  await load.run(500);
  for (let round = 0; round < options.rounds; round += 1) {
    slices[0].push(await load.run(ms));
    slices[1].push(await referenceLoad(url, clients, ms / 4, '/constant/100', body));
    slices[2].push(await referenceLoad(url, clients, ms / 4, `/durable/${ledgerBytes}/100`, body));
  }
  return slices;
}

async function ledgerBytesOf(folder: string, uuid: string): Promise<number> {
  const { objects } = await openWiki(folder, uuid).store.list(`ledger/${uuid}`);
  return (objects[0]?.size ?? 0) + 40_000;
}

function rateOf(slices: readonly Slice[]): number {
  const requests = slices.reduce((sum, slice) => sum + slice.times.length, 0);
  return requests / slices.reduce((sum, slice) => sum + slice.seconds, 0);
}

function toRow(
  clients: number,
  what: string,
  slices: readonly Slice[],
  rates: { bare: number; durable: number },
): Row {
  const { count, p50, p95, p99, max } = summarise(slices.flatMap(slice => slice.times));
  const rate = rateOf(slices);
  const ratios = { toBare: rate / rates.bare, toDurable: rate / rates.durable };
  return { clients, what, rate, p50, p95, p99, max, updates: count, ...ratios };
}

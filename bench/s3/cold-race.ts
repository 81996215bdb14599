import { join } from 'node:path';
import { type Bundle, bundle, makeBundles } from '../init/bundles.ts';
import { type Contestant, interleave } from '../support/interleave.ts';
import { plainS3 } from '../support/plain-s3.ts';
import { storeAt } from '../support/s3-store.ts';
import type { ServerUnderTest } from '../support/server-under-test.ts';
import type { BucketWiki } from './bucket-wiki.ts';
import { type ColdStart, type FunctionStart, startBare, startFunction } from './cold-start.ts';

/** Updates between two flushes, which this process makes: a process that ends after one write lists no pack. */
const PER_FLUSH = 16;
/** The page that the journal always knows. */
const HOT = 0;

export interface ColdTools {
  folder: string;
  /** The bare script. */
  bare: Bundle;
  starter: Bundle;
  /** The API function, in the ways to bundle it. */
  functions: readonly Bundle[];
}

export async function makeColdTools(folder: string): Promise<ColdTools> {
  const all = await makeBundles(folder);
  const child = (name: string) => join(import.meta.dirname, `${name}.child.ts`);
  return {
    folder,
    bare: await bundle(folder, 'bare script', child('bare'), {}),
    starter: await bundle(folder, 'function starter', child('function'), { plugins: [] }),
    functions: all.filter(({ name }) => name === 'split' || name === 'split, write path in two files'),
  };
}

export interface ColdResult {
  bare: ColdStart[];
  /** By bundle and kind of page. */
  functions: Map<string, FunctionStart[]>;
  /** The first bundle with its requests watched, which takes a little of its time. */
  watched: FunctionStart[];
}

/** Fresh processes in turn: the function with a page that the journal knows, with others, and the bare script. */
export async function raceColdWrites(
  server: ServerUnderTest,
  wiki: BucketWiki,
  tools: ColdTools,
  rounds: number,
): Promise<ColdResult> {
  const ledger = new LedgerSize(server, wiki);
  const result: ColdResult = { bare: [], functions: new Map(), watched: [] };
  let [fresh, edits] = [1, 0];
  const functionRun = (entry: string, isHot: boolean, watched: boolean, to: FunctionStart[]) => async () => {
    edits += 1;
    const edit = wiki.edit(isHot ? HOT : fresh++, edits);
    if (edits % PER_FLUSH === 0) await flush(wiki, edits);
    const { content, revision } = isHot ? wiki.edit(HOT, edits) : edit;
    const { target } = server;
    const { folder, starter } = tools;
    const call = { starter: starter.entry, entry, folder, target, prefix: wiki.prefix, uuid: wiki.uuid };
    const start = startFunction({ ...call, page: edit.path, body: { content, revision }, watched });
    wiki.noteWritten(edit, JSON.parse(start.body).revision);
    to.push(start);
    await ledger.look();
  };
  const contestants = tools.functions.flatMap(({ name, entry }, index): Contestant[] => {
    const [hot, cold]: [FunctionStart[], FunctionStart[]] = [[], []];
    result.functions.set(`${name}: page in the journal`, hot).set(`${name}: page in a pack`, cold);
    const both = [
      { name: `${name} hot`, run: functionRun(entry, true, false, hot) },
      { name: `${name} cold`, run: functionRun(entry, false, false, cold) },
    ];
    if (index > 0) return both;
    return [...both, { name: 'watched', run: functionRun(entry, true, true, result.watched) }];
  });
  contestants.push(bareContestant(server, tools, ledger, result.bare));
  await flush(wiki, 0);
  await ledger.look();
  await interleave(contestants, { rounds: rounds + 1 });
  // The first round fills the file cache.
  for (const starts of [result.bare, result.watched, ...result.functions.values()]) starts.shift();
  await wiki.expectWritten(HOT);
  return result;
}

/** Afterwards the journal knows the hot page alone. */
async function flush(wiki: BucketWiki, round: number): Promise<void> {
  await wiki.repository.flusher.flush();
  await wiki.update(wiki.edit(HOT, -1 - round));
}

/** Reads as many bytes as the ledger had before the last update, and writes as many as it had after it. */
function bareContestant(
  server: ServerUnderTest,
  { bare, folder }: ColdTools,
  ledger: LedgerSize,
  to: ColdStart[],
): Contestant {
  const s3 = plainS3(server.target);
  const key = `${server.prefix}/bare`;
  return {
    name: 'bare script',
    prepare: async () => {
      const { status } = await s3('PUT', key, Buffer.alloc(ledger.before, 'ledger '));
      if (status !== 200) throw new Error(`Writing "${key}" is answered ${status}`);
    },
    run: () =>
      void to.push(startBare(bare.entry, folder, { target: server.target, key, bytes: ledger.after })),
  };
}

/** How many bytes the ledger had before and after the last update that made it grow. */
class LedgerSize {
  readonly #read: () => Promise<number>;
  #grownBy = 0;
  after = 0;

  constructor({ target }: ServerUnderTest, { prefix, uuid }: BucketWiki) {
    const store = storeAt(target, prefix);
    this.#read = async () => {
      const found = await store.get(`ledger/${uuid}`);
      return found.kind === 'found' ? found.size : 0;
    };
  }

  get before(): number {
    return this.after - this.#grownBy;
  }

  async look(): Promise<void> {
    const size = await this.#read();
    if (size > this.after) this.#grownBy = Math.min(size - this.after, 10_000);
    this.after = size;
  }
}

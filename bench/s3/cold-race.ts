import { join } from 'node:path';
import { mergeNewest } from '../../src/git/upkeep/merge.ts';
import { type Bundle, bundle, makeBundles } from '../init/bundles.ts';
import { type Contestant, interleave } from '../support/interleave.ts';
import { plainS3 } from '../support/plain-s3.ts';
import { storeAt } from '../support/s3-store.ts';
import type { ServerUnderTest } from '../support/server-under-test.ts';
import type { BucketWiki } from './bucket-wiki.ts';
import {
  type ColdFunction,
  type ColdStart,
  type FunctionStart,
  startBare,
  startFunction,
} from './cold-start.ts';

/** Updates between two flushes, which this process makes: a process that ends after one write lists no pack. */
const PER_FLUSH = 16;
/** The page that the journal always knows. */
const HOT = 0;

export interface ColdTools {
  folder: string;
  /** The bare script. */
  bare: Bundle;
  starter: Bundle;
  functions: readonly ColdFunction[];
  /** The one whose requests are watched, which takes a little of its time. */
  watched: ColdFunction;
}

export async function makeColdTools(folder: string): Promise<ColdTools> {
  const all = await makeBundles(folder);
  const split = named(all, 'split');
  const two = named(all, 'split, write path in two files');
  const child = (name: string) => join(import.meta.dirname, `${name}.child.ts`);
  return {
    folder,
    bare: await bundle(folder, 'bare script', child('bare'), {}),
    starter: await bundle(folder, 'function starter', child('function'), { plugins: [] }),
    functions: [split, two, { ...two, name: 'the same, compile cache', compileCache: join(folder, 'cache') }],
    watched: two,
  };
}

function named(bundles: readonly Bundle[], name: string): ColdFunction {
  const found = bundles.find(each => each.name === name);
  if (found === undefined) throw new Error(`Bundling the function fails: there is no "${name}"`);
  return { name, entry: found.entry };
}

export interface ColdResult {
  bare: ColdStart[];
  /** By bundle and kind of page. */
  functions: Map<string, FunctionStart[]>;
  /** With the requests that were sent. */
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
  const writer = new ColdWriter(server, wiki, tools, ledger);
  const result: ColdResult = { bare: [], functions: new Map(), watched: [] };
  const contestant = (
    name: string,
    to: FunctionStart[],
    start: () => Promise<FunctionStart>,
  ): Contestant => ({
    name,
    run: async () => void to.push(await start()),
  });
  const contestants = [bareContestant(server, tools, ledger, result.bare)];
  for (const fn of tools.functions) {
    const [hot, packed]: [FunctionStart[], FunctionStart[]] = [[], []];
    const names = [`${fn.name}: page in the journal`, `${fn.name}: page in a pack`] as const;
    result.functions.set(names[0], hot).set(names[1], packed);
    contestants.push(contestant(names[0], hot, () => writer.write(fn, 'hot')));
    contestants.push(contestant(names[1], packed, () => writer.write(fn, 'packed')));
  }
  const { watched } = tools;
  contestants.push(contestant('watched', result.watched, () => writer.write(watched, 'hot', true)));
  await writer.flush();
  await ledger.look();
  await interleave(contestants, { rounds: rounds + 1 });
  // The first round fills the file cache.
  for (const starts of [result.bare, result.watched, ...result.functions.values()]) starts.shift();
  await wiki.expectWritten(HOT);
  return result;
}

/** Updates pages, each by a process of its own. */
class ColdWriter {
  readonly #server: ServerUnderTest;
  readonly #wiki: BucketWiki;
  readonly #tools: ColdTools;
  readonly #ledger: LedgerSize;
  #edits = 0;
  #packed = HOT;

  constructor(server: ServerUnderTest, wiki: BucketWiki, tools: ColdTools, ledger: LedgerSize) {
    this.#server = server;
    this.#wiki = wiki;
    this.#tools = tools;
    this.#ledger = ledger;
  }

  async write(fn: ColdFunction, page: 'hot' | 'packed', watched = false): Promise<FunctionStart> {
    this.#edits += 1;
    if (this.#edits % PER_FLUSH === 0) await this.flush();
    if (page === 'packed') this.#packed += 1;
    const edit = this.#wiki.edit(page === 'hot' ? HOT : this.#packed, this.#edits);
    const start = startFunction({
      starter: this.#tools.starter.entry,
      fn,
      folder: this.#tools.folder,
      target: this.#server.target,
      prefix: this.#wiki.prefix,
      uuid: this.#wiki.uuid,
      page: edit.path,
      body: { content: edit.content, revision: edit.revision },
      watched,
    });
    this.#wiki.noteWritten(edit, JSON.parse(start.body).revision);
    await this.#ledger.look();
    return start;
  }

  /** Afterwards the journal knows the hot page alone, and the packs are merged as upkeep does it. */
  async flush(): Promise<void> {
    const { repository } = this.#wiki;
    await repository.flusher.flush();
    while (await mergeNewest(repository)) await repository.ledger(0);
    await this.#wiki.update(this.#wiki.edit(HOT, -1 - this.#edits));
  }
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

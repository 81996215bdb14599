import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { commitPage, readPage } from '../../test/support/stored-wiki.ts';
import { durableWrite } from '../support/durable-write.ts';
import type { Contestant } from '../support/interleave.ts';
import { interleave } from '../support/interleave.ts';
import { manyPages } from '../support/many-pages.ts';
import { exportBare } from '../support/native-git.ts';
import { type Layout, pagePath } from '../support/page-layout.ts';
import { pageText, revised } from '../support/page-text.ts';
import { expectSame } from '../support/verify.ts';
import { loadWiki, openWiki, type WikiFolder } from '../support/wiki-folder.ts';
import { IsomorphicWriter } from './isomorphic.ts';
import { PlumbingWriter } from './plumbing.ts';

/** Length of the page that is committed; of the others as well. */
const PAGE_BYTES = 2_000;
const WARM_UP = 300;

export interface RaceOptions {
  folder: string;
  pages: number;
  layout: Layout;
  rounds: number;
  /** False: native git is not on this machine. */
  git: boolean;
}

export interface RaceResult {
  /** Milliseconds of each commit, by contestant. */
  times: Map<string, number[]>;
  /** What Kittiwake put into its store in the measured rounds. */
  bytesPut: number;
  flushes: number;
}

/** Commits of one page, each round by everyone, over whole flush cycles of ours. */
export async function raceWrites({ folder, pages, layout, rounds, git }: RaceOptions): Promise<RaceResult> {
  const count = Math.max(1, pages);
  const path = pagePath(Math.floor(count / 2), count, layout);
  const uuid = await loadWiki(join(folder, 'wiki'), manyPages(count, layout));
  const wiki = openWiki(join(folder, 'wiki'), uuid);
  const isomorphic = new IsomorphicWriter(join(folder, 'isomorphic'));
  const plumbing = new PlumbingWriter(join(folder, 'plumbing'));
  await exportBare(wiki.repository, join(folder, 'isomorphic'), ...(git ? [join(folder, 'plumbing')] : []));
  if (git) await plumbing.prepare();

  const meter = new CycleMeter(wiki);
  const text = pageText({ seed: Math.floor(count / 2), bytes: PAGE_BYTES });
  const last = new Map<string, Buffer>();
  const writer = (name: string, every: number, commit: (bytes: Buffer) => Promise<string>): Contestant => {
    let bytes = Buffer.alloc(0);
    return {
      name,
      every,
      prepare: round => {
        if (name === 'kittiwake') meter.before();
        bytes = Buffer.from(revised(text, round));
        last.set(name, bytes);
      },
      run: async () => void (await commit(bytes)),
      // What others leave unsynced would be written by the next fsync, on the clock of somebody else.
      settle: () => (name === 'kittiwake' ? undefined : durableWrite(folder, 'settled', bytes)),
    };
  };
  const every = count > 20_000 ? 20 : 5;
  const contestants = [
    writer('kittiwake', 1, bytes => commitPage(wiki.repository, path, bytes)),
    rawContestant(folder, meter),
    writer('isomorphic-git', every, bytes => isomorphic.commit(path, bytes)),
    writer('git plumbing', every, bytes => plumbing.commit(path, bytes)),
  ].filter(each => git || each.name !== 'git plumbing');
  await warmUp(contestants, meter, rounds);
  meter.start();
  const times = await interleave(contestants, { rounds, complete: () => meter.atEndOfCycle() });

  const found: [string, () => Promise<Buffer>][] = [
    ['kittiwake', () => readPage(openWiki(wiki.folder, uuid).repository, path)],
    ['isomorphic-git', () => isomorphic.read(path)],
    ['git plumbing', () => plumbing.read(path)],
  ];
  for (const [name, read] of found) {
    const wanted = last.get(name);
    if (wanted !== undefined) expectSame(`the page committed by ${name}`, await read(), wanted);
  }
  return { times, ...meter.result() };
}

/**
 * A few commits by everyone, many by us and the raw write, which take microseconds beside their syncs once the code is
 * compiled; then until a flush is just done, so that the measured rounds begin with a cycle.
 */
async function warmUp(contestants: readonly Contestant[], meter: CycleMeter, rounds: number): Promise<void> {
  const rare = contestants.filter(each => each.every !== 1).map(each => ({ ...each, every: 1 }));
  await interleave(rare, { rounds: 3 });
  const often = contestants.filter(each => each.every === 1);
  await interleave(often, { rounds: Math.min(rounds, WARM_UP), complete: () => meter.atEndOfCycle() });
}

/** Writes as many bytes as our last commit put into its store, into one file. */
function rawContestant(folder: string, meter: CycleMeter): Contestant {
  const raw = join(folder, 'raw');
  mkdirSync(raw);
  let bytes = Buffer.alloc(0);
  return {
    name: 'raw write',
    every: 1,
    prepare: () => {
      const size = meter.lastCommitBytes();
      if (bytes.length !== size) bytes = Buffer.alloc(size, pageText({ seed: size, bytes: PAGE_BYTES }));
    },
    run: () => durableWrite(raw, 'file', bytes),
  };
}

/** Watches the flushes and the bytes of one wiki. */
class CycleMeter {
  readonly #wiki: WikiFolder;
  #bytesBefore = 0;
  #listedBefore = 0;
  #bytesAtStart = 0;
  #packsAtStart = 0;

  constructor(wiki: WikiFolder) {
    this.#wiki = wiki;
  }

  before(): void {
    this.#bytesBefore = this.#wiki.store.bytesPut;
    this.#listedBefore = this.#listed();
  }

  /** Of the last commit: its ledger, and the pack, index and map of a flush that went beside it. */
  lastCommitBytes(): number {
    return Math.max(1, this.#wiki.store.bytesPut - this.#bytesBefore);
  }

  /** True when the last commit listed the pack of a flush. */
  atEndOfCycle(): boolean {
    return this.#listed() > this.#listedBefore;
  }

  start(): void {
    this.#bytesAtStart = this.#wiki.store.bytesPut;
    this.#packsAtStart = this.#wiki.store.packs;
  }

  result(): { bytesPut: number; flushes: number } {
    const { bytesPut, packs } = this.#wiki.store;
    return { bytesPut: bytesPut - this.#bytesAtStart, flushes: packs - this.#packsAtStart };
  }

  #listed(): number {
    return this.#wiki.repository.swap.held()?.value.packs.length ?? 0;
  }
}

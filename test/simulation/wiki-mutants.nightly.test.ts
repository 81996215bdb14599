import { afterAll, describe, expect, it } from 'vitest';
import { type Defect, type Mutant, mutantOf } from './mutate.ts';
import { simulateWiki, type WikiRunOptions } from './simulate-wiki.ts';
import type { WikiShape } from './wiki-records.ts';
import type { Subject } from './wiki-subject.ts';

/** Seeds that are tried before a defect counts as overlooked. */
const SEEDS = 200;

/** Worlds in which collections and writers meet all the time. */
const RACING: Partial<WikiShape> = {
  clients: 4,
  thinkMs: 300,
  writes: 12,
  horizonMs: 20_000,
  upkeepEveryMs: 300,
  largeBlobs: 0.2,
  orphanGraceMs: 0,
  readerGraceMs: 0,
};

interface WikiDefect extends Defect {
  shape?: Partial<WikiShape>;
  /** The seed that is tried first: one that told of the defect before. Default: 1. */
  from?: number;
}

/** The same, where what was condemned stays for long. */
const WAITING: Partial<WikiShape> = { ...RACING, readerGraceMs: 60_000 };

/** The same, where a flush that lies ready has to wait for the next commit. */
const LEISURELY: Partial<WikiShape> = {
  ...WAITING,
  thinkMs: 3_000,
  horizonMs: 120_000,
  writes: 30,
  writers: 1,
  upkeepEveryMs: 600,
};

const defects: Record<string, WikiDefect> = {
  'takes a flush for another base': {
    from: 7,
    file: 'flush/flush.ts',
    find: 'journal.base.trims !== flushed.trims || journal.count < flushed.count',
    replace: 'journal.count < flushed.count',
  },
  'takes a flush of commits that the journal does not hold': {
    file: 'flush/flush.ts',
    find: 'journal.base.trims !== flushed.trims || journal.count < flushed.count',
    replace: 'false',
  },
  'lists a condemned pack': {
    from: 9,
    shape: LEISURELY,
    file: 'flush/flush.ts',
    find: 'names.some(name => condemned.has(name)) || ledger.collections !== flushed.collections',
    replace: 'ledger.collections !== flushed.collections',
  },
  'lists what a collection may have deleted': {
    from: 64,
    shape: RACING,
    file: 'flush/flush.ts',
    find: ' || ledger.collections !== flushed.collections',
    replace: '',
  },
  'trims more than was flushed': {
    file: 'flush/flush.ts',
    find: 'journal.dropFirst(flushed.count,',
    replace: 'journal.dropFirst(journal.count,',
  },
  'forgets the packs of large blobs': {
    from: 6,
    file: 'flush/flush.ts',
    find: '[...packs, ...ledger.packs]',
    replace: '[...packs.slice(0, 1), ...ledger.packs]',
  },
  'forgets idempotency records when they are flushed': {
    from: 4,
    file: 'flush/flush.ts',
    find: '[flushed.keys.segment, ...kept]',
    replace: '[...kept]',
  },
  'takes a pack for stored that is not': {
    from: 2,
    file: 'view/pack-store.ts',
    find: "if (outcome.kind !== 'stored') throw",
    replace: "if (outcome.kind === 'conflict') throw",
  },
  'does not write the idempotency record with the commit': {
    from: 8,
    file: 'commit/commit-intent.ts',
    find: 'record: this.#record(result), pages: view.pages',
    replace: 'pages: view.pages',
  },
  'does not look for an earlier request with the same key': {
    file: 'commit/commit-intent.ts',
    find: "if (earlier) return { kind: 'keep', result: earlier };",
    replace: '',
  },
  'does not look for its own commit': {
    file: 'commit/commit-intent.ts',
    find: 'await this.#findOwn(current, base)',
    replace: 'undefined',
  },
  'looks for its own commit in the journal only': {
    from: 16,
    shape: WAITING,
    file: 'commit/commit-intent.ts',
    find: 'of this.#env.view(current).layers.log()',
    replace: 'of []',
  },
  'deletes idempotency records with the pack of their flush': {
    file: 'upkeep/gc.ts',
    find: "keysListed ? EXTENSIONS.filter(extension => extension !== 'keys') : EXTENSIONS",
    replace: 'keysListed ? EXTENSIONS : EXTENSIONS',
  },
  "deletes within the readers' grace": {
    from: 134,
    file: 'upkeep/gc.ts',
    find: 'each.seconds + readerGraceMs / 1000 <= nowSeconds',
    replace: 'each.seconds <= nowSeconds + readerGraceMs',
  },
  'deletes without counting it': {
    from: 11,
    shape: RACING,
    file: 'upkeep/gc.ts',
    find: 'collections: current.collections + 1',
    replace: 'collections: current.collections',
  },
  'condemns what has been listed meanwhile': {
    from: 4,
    shape: RACING,
    file: 'upkeep/gc.ts',
    find: 'names.filter(name => !used.has(name))',
    replace: 'names.filter(name => used.size >= 0 || name)',
  },
  'takes packs that the journal refers to for orphans': {
    from: 5,
    shape: RACING,
    file: 'upkeep/gc.ts',
    find: 'new Set([...listed, ...large])',
    replace: 'new Set(large.length < 0 ? large : listed)',
  },
  'replaces packs that are not listed any more': {
    from: 27,
    shape: RACING,
    file: 'upkeep/replace-packs.ts',
    find: 'return at >= 0 && names.every(',
    replace: 'return names.length > 0 || names.every(',
  },
  'lists a merged pack that a collection may have deleted': {
    from: 27,
    shape: RACING,
    file: 'upkeep/replace-packs.ts',
    find: '!there || current.collections !== ledger.collections || isCondemned(current, merged.name)',
    replace: '!there',
  },
  'refers to a large blob that may have been deleted': {
    from: 73,
    shape: RACING,
    file: 'commit/large-blobs.ts',
    find: 'known && known.collections === ledger.collections && !isCondemned(known.place.pack, ledger)',
    replace: 'known',
  },
};

describe('the simulation finds a wiki that', () => {
  const remove: (() => void)[] = [];
  afterAll(() => {
    for (const one of remove) one();
  });

  it.each(Object.entries(defects))('%s', { timeout: 120_000 }, async (_, defect) => {
    const mutant = mutantOf('git', defect);
    remove.push(mutant.remove);
    const { from = 1, shape = {} } = defect;
    expect(await firstViolation(from, { subject: await subjectOf(mutant), shape })).toBeDefined();
  });
});

async function subjectOf(mutant: Mutant): Promise<Subject> {
  const { openRepository } = (await mutant.load('open.ts')) as typeof import('../../src/git/open.ts');
  const { mergeNewest } = (await mutant.load(
    'upkeep/merge.ts',
  )) as typeof import('../../src/git/upkeep/merge.ts');
  const { collectGarbage } = (await mutant.load(
    'upkeep/gc.ts',
  )) as typeof import('../../src/git/upkeep/gc.ts');
  const { pruneUnreachable } = (await mutant.load(
    'upkeep/prune.ts',
  )) as typeof import('../../src/git/upkeep/prune.ts');
  return { openRepository, mergeNewest, collectGarbage, pruneUnreachable };
}

async function firstViolation(from: number, options: WikiRunOptions): Promise<string | undefined> {
  for (let seed = from; seed < from + SEEDS; seed += 1) {
    const { violations } = await simulateWiki(seed, options);
    if (violations[0] !== undefined) return violations[0];
  }
  return undefined;
}

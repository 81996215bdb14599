import { afterAll, describe, expect, it } from 'vitest';
import { type Defect, type Mutant, mutantOf } from './mutate.ts';
import { simulateS3Toy, simulateS3Wiki } from './s3-simulations.ts';
import type { S3Subject } from './s3-store.ts';

/** Seeds that are tried before a defect counts as overlooked. */
const SEEDS = 200;

interface S3Defect extends Defect {
  /** Shows in a wiki only: `swap` reads no ranges, lists nothing and deletes nothing. */
  wiki?: true;
  /** The seed that is tried first: one that told of the defect before. Default: 1. */
  from?: number;
}

const defects: Record<string, S3Defect> = {
  'takes a 409 for stored': {
    file: 's3/answers.ts',
    find: "if (status === 409) return { kind: 'conflict', reason: 'concurrent' };",
    replace: "if (status === 409) return { kind: 'stored', version: '\"0\"' };",
  },
  'throws a 412': {
    file: 's3/answers.ts',
    find: 'if (status === 412) return',
    replace: 'if (status === 412.5) return',
  },
  'throws a 409': {
    file: 's3/answers.ts',
    find: "if (status === 409) return { kind: 'conflict', reason: 'concurrent' };",
    replace: '',
  },
  'takes a 500 for a refusal': {
    file: 's3/answers.ts',
    find: 'if (status >= 500 && status !== 501) {',
    replace: 'if (status === 503) {',
  },
  'takes a 503 for a refusal': {
    file: 's3/answers.ts',
    find: 'if (status >= 500 && status !== 501) {',
    replace: 'if (status === 500) {',
  },
  'takes a broken connection for a refusal': {
    file: 's3/answers.ts',
    find: 'const isOpen = error instanceof TransportFailure && (error.sent || signal?.aborted === true);',
    replace:
      'const isOpen = error instanceof TransportFailure && error.sent && error.message.startsWith("no answer");',
  },
  'takes a timeout for a refusal': {
    file: 's3/answers.ts',
    find: 'const isOpen = error instanceof TransportFailure && (error.sent || signal?.aborted === true);',
    replace:
      'const isOpen = error instanceof TransportFailure && error.sent && !error.message.startsWith("no answer");',
  },
  'takes a timeout for stored': {
    file: 's3/answers.ts',
    find: "if (isOpen && cause instanceof Error) return { kind: 'unknown', cause };",
    replace: "if (isOpen && cause instanceof Error) return { kind: 'stored', version: '\"0\"' };",
  },
  'sends no If-Match': {
    file: 's3/conditions.ts',
    find: "return { 'if-match':",
    replace: "if (tag) return {}; return { 'if-match':",
  },
  'sends the quotes that Ceph does not want': {
    file: 's3/conditions.ts',
    find: "quoting === 'quoted' ? tag",
    replace: 'quoting ? tag',
  },
  'repeats a conditional put and tells of the last attempt only': {
    file: 's3/s3.ts',
    find: 'repeatable: isImmutable,',
    replace: 'repeatable: true,',
  },
  'reads a failure as absent': {
    file: 's3/reading.ts',
    find: "if (code === 'NoSuchKey' ||",
    replace: "if (code !== 'AccessDenied' ||",
  },
  'takes an immutable put that failed for stored': {
    file: 's3/answers.ts',
    find: 'if (status >= 500 && status !== 501) {',
    replace:
      "if (status >= 500 && 'immutable' in condition) return { kind: 'stored', version: '\"0\"' };\n  if (status >= 500 && status !== 501) {",
    wiki: true,
  },
};

describe('the simulation finds an S3 backend that', () => {
  const remove: (() => void)[] = [];
  afterAll(() => {
    for (const one of remove) one();
  });

  it.each(Object.entries(defects))('%s', async (_, { from = 1, wiki = false, ...defect }) => {
    const mutant = mutantOf('storage', defect);
    remove.push(mutant.remove);
    const subject = await subjectOf(mutant);
    expect(await firstViolation(wiki ? simulateS3Wiki : simulateS3Toy, from, subject)).toBeDefined();
  });

  it('has no defect: nothing', async () => {
    const copy = mutantOf('storage', {
      file: 'disk.ts',
      find: 'export function createDisk',
      replace: 'export function createDisk',
    });
    remove.push(copy.remove);
    expect(await firstViolation(simulateS3Toy, SEEDS, await subjectOf(copy), 20)).toBeUndefined();
  });
});

async function subjectOf(mutant: Mutant): Promise<S3Subject> {
  const { createS3ByteStore } = (await mutant.load(
    's3/s3.ts',
  )) as typeof import('../../src/storage/s3/s3.ts');
  const { TransportFailure } = (await mutant.load(
    's3/transport.ts',
  )) as typeof import('../../src/storage/s3/transport.ts');
  return { createS3ByteStore, TransportFailure };
}

async function firstViolation(
  simulate: typeof simulateS3Toy,
  from: number,
  subject: S3Subject,
  seeds = SEEDS,
): Promise<string | undefined> {
  for (let seed = from; seed < from + seeds; seed += 1) {
    const { violations } = await simulate(seed, subject);
    if (violations[0] !== undefined) return violations[0];
  }
  return undefined;
}

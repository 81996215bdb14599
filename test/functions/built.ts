import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type BuiltFunctions, buildFunctions } from '../../infra/functions/build.ts';

/** Bundles the functions once for all tests of a file, into a folder of their own. */
export function builtForTests(): () => BuiltFunctions {
  let folder: string | undefined;
  let built: BuiltFunctions | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kittiwake-functions-'));
    built = await buildFunctions(join(folder, 'functions'));
  });
  afterAll(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });
  return () => {
    if (built === undefined) throw new Error('The functions have not been bundled');
    return built;
  };
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { ROOT } from './cli.ts';
import { skipSaying } from './needs.ts';

/**
 * A bundle of a real wiki with history, renames and attachments, which is not ours to ship. A test that uses it is skipped
 * where it is not beside the repository, and says so.
 */
export function realWiki(ctx: Pick<TestContext, 'skip'>): string {
  const file = join(ROOT, '../shared/data/otter-docs.bundle');
  if (!existsSync(file)) skipSaying(ctx, 'needs otter-docs.bundle, a real wiki, beside the repository');
  return file;
}

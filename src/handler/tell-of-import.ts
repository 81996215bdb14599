import type { StoredImport } from '../import/git/import-stored.ts';
import { readResult } from '../import/import-result.ts';
import type { Service } from '../lazy/app.ts';
import type { ImportedWiki } from './import-wiki.ts';

/**
 * Has administrators mailed that an import failed for good. A process that ended after the result was written has told nobody: so
 * one that finds it there tells, and what was told before is not told again.
 */
export async function tellOfImport(
  wiki: Pick<ImportedWiki, 'projections'>,
  store: Awaited<ReturnType<Service['store']>>,
  source: { key: string; upload: string },
  outcome: StoredImport,
): Promise<void> {
  const projections = await wiki.projections();
  await projections.tellAdministrators(async () => {
    const result = outcome === 'settled' ? await readResult(store, source) : outcome;
    if (typeof result !== 'object' || result.state !== 'failed') return undefined;
    const { code = 'unknown', message = '' } = result.error ?? {};
    return {
      about: `import ${source.key} ${source.upload}`,
      subject: 'An import failed',
      text: `Importing "${source.key}" failed, and nothing was changed.\n\n${message} (${code})\n`,
    };
  });
}

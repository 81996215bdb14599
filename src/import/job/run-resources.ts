import { bindRepository } from '../../wiki/bound/bound-repository.ts';
import type { WikiSettings } from '../../wiki/settings.ts';
import { createMemoStore, memoPrefix } from '../operator/memo-store.ts';
import type { PipelineResources } from '../pipeline/resources.ts';
import { wikiPages } from '../pipeline/wiki-pages.ts';
import { openLocalFile } from '../source/bytes/local-file.ts';
import { openTable } from '../source/open-source.ts';
import type { Job } from './job.ts';
import type { RunEnvironment } from './run-environment.ts';

export interface ResourceMeans extends Pick<RunEnvironment, 'repository' | 'accessOf'> {
  settings: Pick<WikiSettings, 'retainPageNameCase'>;
}

/**
 * What a job's pipeline reaches besides its source. Files of this machine, and an object for each row (`cache`), only where the job
 * reads a file of this machine itself: whoever may import over HTTP may neither see the ones nor fill the store with the others.
 */
export function resourcesOf(
  job: Job,
  { repository, settings, accessOf }: ResourceMeans,
  closing: (() => Promise<void>)[],
): PipelineResources {
  const { retainPageNameCase } = settings;
  return {
    async openWiki(name, columns) {
      const view = await bindRepository(repository, await accessOf(job.principal)).view();
      return wikiPages(name, { view, commit: job.baseHead, retainPageNameCase, columns });
    },
    ...(job.source.kind === 'local'
      ? {
          openFile: openFileWith(closing),
          memo: createMemoStore(repository.store, memoPrefix(repository.uuid)),
        }
      : {}),
  };
}

function openFileWith(closing: (() => Promise<void>)[]): NonNullable<PipelineResources['openFile']> {
  return async (name, path, format) => {
    const file = await openLocalFile(path);
    closing.push(() => file.close());
    return await openTable(file, { source: name, format: format as 'csv' | 'ndjson' | 'xlsx' | undefined });
  };
}

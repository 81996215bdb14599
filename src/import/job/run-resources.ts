import { bindRepository } from '../../wiki/bound/bound-repository.ts';
import { createMemoStore } from '../operator/memo-store.ts';
import type { PipelineResources } from '../pipeline/resources.ts';
import { wikiPages } from '../pipeline/wiki-pages.ts';
import { openLocalFile } from '../source/bytes/local-file.ts';
import { openTable } from '../source/open-source.ts';
import type { Job } from './job.ts';
import type { SourceMeans } from './run-source.ts';

/** What a job's pipeline reaches besides its source: files of this machine only where the job reads one itself. */
export function resourcesOf(
  job: Job,
  { repository, settings, accessOf }: SourceMeans,
  closing: (() => Promise<void>)[],
): PipelineResources {
  const { retainPageNameCase } = settings;
  return {
    async openWiki(name, columns) {
      const view = await bindRepository(repository, await accessOf(job.principal)).view();
      return wikiPages(name, { view, commit: job.baseHead, retainPageNameCase, columns });
    },
    memo: createMemoStore(repository.store, `memo/${repository.uuid}/`),
    ...(job.source.kind === 'local' ? { openFile: openFileWith(closing) } : {}),
  };
}

function openFileWith(closing: (() => Promise<void>)[]): NonNullable<PipelineResources['openFile']> {
  return async (name, path, format) => {
    const file = await openLocalFile(path);
    closing.push(() => file.close());
    return await openTable(file, { source: name, format: format as 'csv' | 'ndjson' | 'xlsx' | undefined });
  };
}

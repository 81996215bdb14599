import { expect, it } from 'vitest';
import type { Job } from '../../../src/import/job/job.ts';
import { resourcesOf } from '../../../src/import/job/run-resources.ts';
import { gatherRows } from '../../../src/import/operator/row-cursor.ts';
import type { Row } from '../../../src/import/row.ts';
import type { RowSource } from '../../../src/import/source.ts';
import type { Permits } from '../../../src/wiki/access.ts';
import { newWiki } from '../../wiki/wiki-support.ts';

const permits: Permits = { all: false, may: (_right, path) => !path.startsWith('secret') };
const settings = { retainPageNameCase: false };

async function rowsOf(source: RowSource | undefined): Promise<Row[]> {
  async function* chunks() {
    for await (const { rows } of source?.rows() ?? []) yield rows;
  }
  return await gatherRows(chunks());
}

it('a pipeline sees of the wiki what who made the import may read, as of when it was made', async () => {
  const { repository, commit, put } = await newWiki();
  const baseHead = await commit({ 'secret/plan.md': 'x', 'open.md': 'y' });
  await put('later', 'z');
  const job = { source: { kind: 'stored' }, baseHead } as Job;
  const { openWiki } = resourcesOf(job, { repository, settings, accessOf: async () => () => permits }, []);
  const rows = await rowsOf(await openWiki?.('wiki', ['path', 'content']));
  expect(rows.map(({ values }) => values)).toEqual([{ path: 'open', content: 'y' }]);
});

it('an import that was uploaded reaches no file of the machine and keeps no results', async () => {
  const { repository } = await newWiki();
  const means = { repository, settings, accessOf: async () => () => permits };
  const keys = (kind: string) => Object.keys(resourcesOf({ source: { kind } } as Job, means, [])).sort();
  expect(keys('stored')).toEqual(['openWiki']);
  expect(keys('url')).toEqual(['openWiki']);
  expect(keys('local')).toEqual(['memo', 'openFile', 'openWiki']);
});

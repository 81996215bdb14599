import { expect, it } from 'vitest';
import { kittiwake } from '../support/cli.ts';
import { createData, openData } from '../support/data-folder.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { commitFiles } from '../support/repository.ts';

it('restore says that it leaves the policy as it is, and does so', async () => {
  const data = temporaryFolder();
  const repository = await createData(data);
  await commitFiles(repository, { 'a.md': 'good' });
  await repository.changePolicy(() => ({ policy: { rules: [] }, result: null }));
  await commitFiles(repository, { 'a.md': 'bad' });
  const listed = await kittiwake(['restore', '--data', data]);
  const [, , , , oldest = ''] = listed.out.split('\n');
  const version = oldest.split(' ')[0] ?? '';
  const { code, out } = await kittiwake(['restore', '--version', version, '--apply', '--data', data]);
  expect([code, out]).toEqual([0, expect.stringContaining('The policy stays as it is now')]);
  const view = await (await openData(data).repository()).view();
  expect(view.policy).toEqual({ rules: [] });
  expect(view.ordinal).toBe(-1);
});

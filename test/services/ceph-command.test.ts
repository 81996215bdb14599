import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cephForTest } from '../support/ceph.ts';
import { follow, ROOT } from '../support/cli.ts';
import { temporaryFolder } from '../support/git-command.ts';

/** `npm run ceph`, beyond what every suite here does with it. */
const ceph = (...args: string[]) =>
  follow([process.execPath, join(ROOT, 'scripts/ceph/main.ts'), ...args], {}).finished;

it('a cluster is not made over what a folder holds', async ctx => {
  cephForTest(ctx);
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'thesis.txt'), 'text');
  const { code, out, err } = await ceph('up', folder);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(`cannot make a cluster in "${folder}": it holds "thesis.txt"`);
  expect((await ceph('down', folder)).code).toBe(0);
  expect(readdirSync(folder)).toEqual(['thesis.txt']);
});

it('a cluster that runs is described again, not started', async ctx => {
  const { request, createBucket, ...cluster } = cephForTest(ctx);
  const { out } = await ceph('up', cluster.folder);
  expect({ ...JSON.parse(out), pids: {} }).toEqual({ ...cluster, pids: {} });
  expect(readFileSync(join(cluster.folder, 'run', 'gateway'), 'utf8')).toBe(
    `${JSON.parse(out).pids.gateway}\n`,
  );
});

it('a call without a folder, or with another action, says how it is used', async ctx => {
  cephForTest(ctx);
  for (const args of [[], ['up'], ['run', 'folder'], ['start', 'folder'], ['up', 'folder', '--port', 'x']]) {
    const { code, err } = await ceph(...args);
    expect([code, err], args.join(' ')).toEqual([2, expect.stringContaining('Usage: npm run ceph')]);
  }
});

import { randomUUID } from 'node:crypto';
import { inject, type TestContext } from 'vitest';
import type { Cluster } from '../../scripts/ceph/cluster.ts';
import { INSTALL } from '../../scripts/ceph/command.ts';
import { skipUnlessCi } from './needs.ts';
import { type S3Request, s3Requests } from './s3-request.ts';

/** The Ceph cluster of this run, as one test sees it. */
export interface CephForTest extends Cluster {
  /** Requests as they are, for what a client of ours would hide. */
  request: S3Request;
  /** Makes a bucket for this test alone, and resolves with its name. */
  createBucket(): Promise<string>;
}

/**
 * Goes on when there is a cluster. Where Ceph is not installed the test is skipped and says how to install it; with
 * `CI=1` it fails. A cluster that could not be started fails the test everywhere.
 */
export function cephForTest(ctx: Pick<TestContext, 'skip'>): CephForTest {
  const ceph = inject('ceph');
  if (ceph.kind === 'absent') skipUnlessCi(ctx, `needs Ceph: ${INSTALL}`);
  if (ceph.kind === 'broken') throw new Error(`Ceph is installed and could not be started: ${ceph.why}`);
  const request = s3Requests(ceph.cluster);
  async function createBucket(): Promise<string> {
    const bucket = `test-${randomUUID()}`;
    const { status, body } = await request('PUT', `/${bucket}`);
    if (status !== 200) throw new Error(`cannot create a bucket: ${status} ${body}`);
    return bucket;
  }
  return { ...ceph.cluster, request, createBucket };
}

import { beforeEach } from 'vitest';
import { createS3ByteStore } from '../../src/storage/s3/s3.ts';
import { byteStoreContract } from '../contract/byte-store.contract.ts';
import { CEPH_CONTRACT } from '../contract/byte-store-values.ts';
import { type CephForTest, cephForTest } from '../support/ceph.ts';

let ceph: CephForTest;

beforeEach(ctx => {
  ceph = cephForTest(ctx);
});

byteStoreContract(
  's3 (Ceph)',
  async () => {
    const { endpoint, accessKeyId, secretAccessKey } = ceph;
    return createS3ByteStore({
      bucket: await ceph.createBucket(),
      prefix: 'wiki',
      region: 'us-east-1',
      endpoint,
      variables: { accessKeyId, secretAccessKey },
    });
  },
  CEPH_CONTRACT,
);

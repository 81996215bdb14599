import { byteStoreContract } from '../contract/byte-store.contract.ts';
import { CEPH_CONTRACT, S3_CONTRACT } from '../contract/byte-store-values.ts';
import { s3ServerForTest } from '../support/s3-server.ts';
import { s3Store } from './s3-support.ts';

byteStoreContract(
  'S3 as AWS documents it',
  async () => s3Store(await s3ServerForTest({ profile: 'aws' }), { ifMatch: 'quoted' }),
  S3_CONTRACT,
);

byteStoreContract(
  'S3 as Ceph 16 does it',
  async () => s3Store(await s3ServerForTest({ profile: 'ceph16', raceProbability: 0.3 }), { prefix: '' }),
  CEPH_CONTRACT,
);

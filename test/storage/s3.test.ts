import { byteStoreContract } from '../contract/byte-store.contract.ts';
import { s3Server, s3Store } from './s3-support.ts';

byteStoreContract(
  'S3 as AWS documents it',
  async () => s3Store(await s3Server({ profile: 'aws' }), { ifMatch: 'quoted' }),
  { versionsFollowContent: true },
);

byteStoreContract(
  'S3 as Ceph 16 does it',
  async () => s3Store(await s3Server({ profile: 'ceph16' }), { prefix: '' }),
  { versionsFollowContent: true, goneReadsAsChanged: true },
);

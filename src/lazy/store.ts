import type { StoreSetting } from '../core/store-setting.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';

type BucketSetting = Extract<StoreSetting, { kind: 's3' }>;

/** The backend of the configured store. It is not probed: that would be requests on the way to an answer. */
export function lazyStore(environment: Environment): Lazy<ByteStore> {
  const { config, runtime, recorder } = environment;
  const { store } = config;
  return lazy('store', recorder, async () => {
    if (store.kind === 's3') return await openBucket(environment, store);
    const { createDiskByteStore } = await import('../storage/disk.ts');
    return createDiskByteStore({ folder: store.folder, runtime });
  });
}

async function openBucket(
  { config, aws, runtime, storage }: Environment,
  store: BucketSetting,
): Promise<ByteStore> {
  const { createS3ByteStore } = await import('../storage/s3/s3.ts');
  const { s3Region, s3Endpoint, s3Addressing, s3IfMatch } = config;
  return createS3ByteStore({
    bucket: store.bucket,
    prefix: store.prefix,
    region: s3Region,
    endpoint: s3Endpoint === '' ? undefined : s3Endpoint,
    addressing: s3Addressing,
    ifMatch: s3IfMatch,
    variables: aws,
    runtime,
    onCall: call => storage.record(call),
  });
}

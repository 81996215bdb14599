import type { ByteStore } from '../../src/storage/byte-store.ts';
import { createS3ByteStore } from '../../src/storage/s3/s3.ts';
import { TransportFailure } from '../../src/storage/s3/transport.ts';
import type { FaultyStoreOptions } from './faulty-store.ts';
import { BUCKET_PATH, type S3Profile } from './s3-service.ts';
import { S3Transport } from './s3-transport.ts';

/** What is simulated: the backend, or a copy of it with a defect. */
export interface S3Subject {
  createS3ByteStore: typeof createS3ByteStore;
  TransportFailure: typeof TransportFailure;
}

const realSubject: S3Subject = { createS3ByteStore, TransportFailure };

/** The S3 backend of one process, over a network that fails. */
export function simulatedS3Store(
  options: FaultyStoreOptions,
  profile: S3Profile,
  subject: S3Subject = realSubject,
): ByteStore {
  const { scheduler, process } = options;
  const deletions: (() => void)[] = [];
  const onSend = ({ method }: { method: string }): void => {
    if (method === 'POST') deletions.shift()?.();
  };
  const transport = new S3Transport({ ...options, profile, onSend, Failure: subject.TransportFailure });
  const store = subject.createS3ByteStore({
    bucket: BUCKET_PATH.slice(1),
    region: 'us-east-1',
    endpoint: 'http://s3.simulated',
    ifMatch: profile === 'aws' ? 'quoted' : 'bare',
    variables: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
    runtime: process.runtime,
    transport,
  });
  return {
    location: store.location,
    get: (key, asked) => store.get(key, asked),
    put: (key, body, condition, asked) => store.put(key, body, condition, asked),
    list: (prefix, asked) => store.list(prefix, asked),
    upload: (key, chunks, asked) => store.upload(key, chunks, asked),
    delete: keys => {
      // Loads a module before it sends anything.
      const sent = new Promise<void>(resolve => deletions.push(resolve));
      const deleted = store.delete(keys);
      scheduler.waitFor(Promise.race([sent, deleted.catch(() => {})]));
      return deleted;
    },
  };
}

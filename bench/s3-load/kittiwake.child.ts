import { createS3ByteStore } from '../../src/storage/s3/s3.ts';
import { reportRequests } from './report-requests.ts';

/** Conditional puts through our own transport. */
await reportRequests(({ endpoint, accessKeyId, secretAccessKey }) => {
  const variables = { accessKeyId, secretAccessKey };
  const store = createS3ByteStore({ bucket: 'wikis', region: 'us-east-1', endpoint, variables });
  return async (key, bytes) => {
    const outcome = await store.put(key, [bytes], { ifAbsent: true });
    if (outcome.kind !== 'stored') throw new Error(`Writing "${key}" ended as "${outcome.kind}"`);
  };
});

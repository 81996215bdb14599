import { readConfig } from '../../src/core/config.ts';
import { createS3ByteStore } from '../../src/storage/s3/s3.ts';

/** Reads the object `k` twice with whatever the environment says, and prints what came of it. */
const { config, secrets } = readConfig({ env: process.env });
if (config.store.kind !== 's3') throw new Error('KITTIWAKE_STORE must be a bucket');
const { bucket, prefix } = config.store;
const { s3Region: region, s3Endpoint: endpoint } = config;
const connected: boolean[] = [];
const store = createS3ByteStore({
  bucket,
  prefix,
  region,
  endpoint,
  variables: secrets.aws ?? {},
  onCall: call => connected.push(call.connected),
});
const read = () => store.get('k').catch(({ code, message }) => ({ code, message }));
await read();
console.log(JSON.stringify({ ...(await read()), connected }));

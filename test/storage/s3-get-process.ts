import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Runs `s3-get.child.ts` on the bucket `wikis` of an endpoint, with no environment but this. */
export function getInChild(endpoint: string, env: Record<string, string>): Promise<Record<string, unknown>> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 's3-get.child.ts')], {
    env: {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: endpoint,
      AWS_EC2_METADATA_DISABLED: 'true',
      KITTIWAKE_STORE: 's3://wikis',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', chunk => {
    text += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', () => resolve(JSON.parse(text)));
  });
}

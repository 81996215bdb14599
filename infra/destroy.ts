import { join, resolve } from 'node:path';
import { readCdkArguments } from './cdk-arguments.ts';
import { findAws, type StackOutputs } from './deployed-stack.ts';
import { bucketKept } from './errors.ts';
import { readContext } from './read-context.ts';
import { runCommand } from './run-command.ts';

const ROOT = resolve(import.meta.dirname, '..');

/**
 * Takes the stack down: `npm run destroy`, with the options of `cdk destroy` after `--`. The bucket stays, unless the stack was
 * deployed with `-c destroyBucket=true`.
 */
async function destroy(args: readonly string[]): Promise<void> {
  const { context, profile, rest } = readCdkArguments(args, join(ROOT, 'cdk.json'));
  const { stackName, destroyBucket } = readContext({ ...context, apiKeySha256: '0'.repeat(64) });
  const aws = await findAws(process.env, profile);
  const outputs = await aws.outputsOf(stackName);
  const keeps = outputs?.KeepsBucket !== 'false';
  if (outputs && keeps && destroyBucket) throw bucketKept(stackName);
  if (outputs) process.stdout.write(`${fate(outputs, keeps)}\n`);
  const env = { ...process.env, AWS_REGION: aws.region, ...(profile && { AWS_PROFILE: profile }) };
  await runCommand(['cdk', 'destroy', ...rest, '-c', `apiKeySha256=${'0'.repeat(64)}`], env);
}

function fate({ Bucket: bucket, Wiki: wiki }: StackOutputs, keeps: boolean): string {
  if (!keeps) return `The bucket ${bucket} goes with the stack, and the whole wiki with it.`;
  return `The bucket ${bucket} stays, with the wiki in it. To read it later:

  npm run kittiwake -- export wiki.git --store s3://${bucket} --wiki ${wiki}
`;
}

destroy(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});

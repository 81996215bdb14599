import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isKittiwakeError } from '../src/core/errors.ts';
import { makeApiKey } from './api-key.ts';
import { type CdkArguments, readCdkArguments } from './cdk-arguments.ts';
import { findAws, type StackOutputs } from './deployed-stack.ts';
import { outputMissing } from './errors.ts';
import { KEPT_FOLDER } from './functions/build.ts';
import { keepFiles } from './functions/kept-files.ts';
import { keepCode } from './kept-code.ts';
import { readContext } from './read-context.ts';
import { captureErrors, runCommand } from './run-command.ts';

const ROOT = resolve(import.meta.dirname, '..');

/**
 * Deploys the stack and creates its wiki: `npm run deploy`, with the options of `cdk deploy` after `--`. The first deployment makes
 * an API key and prints it once; later ones keep it, `--new-key` makes another, and `--keep-old-key` has both accepted until the
 * next deployment. `--no-code-cache` leaves out what V8 kept. Says how to write the first page.
 */
async function deploy(args: readonly string[]): Promise<void> {
  const given = readCdkArguments(args, join(ROOT, 'cdk.json'));
  const { stackName, tenants } = readContext({ apiKeySha256: NO_KEY, ...given.context });
  const aws = await findAws(process.env, given.profile);
  const env = environment(given, aws.region);
  const [known, previous] = await keyHashes(given, () => aws.outputsOf(stackName));
  const made = known === undefined ? makeApiKey() : undefined;
  // Before the deployment: it goes on in AWS, with this key, also when this process is stopped.
  if (made) say(`API key, shown only now, good once the deployment is done:\n\n  ${made.key}\n`);
  if (!given.codeCache) keepFiles(KEPT_FOLDER, new Map());
  const hashes = {
    apiKeySha256: known ?? made?.sha256 ?? NO_KEY,
    ...(previous && { previousApiKeySha256: previous }),
  };
  const deployOnce = () => deployStack(stackName, given.rest, hashes, env);
  const outputs = await deployOnce();
  const outputOf = outputsOf(stackName, outputs);
  const isOne = tenants === '';
  if (isOne)
    await createWiki(outputOf('Bucket'), outputOf('Wiki'), { ...env, AWS_REGION: outputOf('Region') });
  if (given.codeCache && (await hasNewCode(outputs, given.profile))) await deployOnce();
  const key = made ? 'the key above' : 'the API key';
  say(isOne ? farewell(outputOf('Url'), key, outputs) : farewellOfMany(outputOf('Url'), key));
}

function outputsOf(stackName: string, outputs: StackOutputs): (name: string) => string {
  return name => {
    const value = outputs[name];
    if (value === undefined) throw outputMissing(stackName, name);
    return value;
  };
}

/** Whether the next deployment starts faster: see docs/decisions/0015-code-cache.md. It goes without, if it has to. */
async function hasNewCode(
  { CodeCacheFunction: functionName, Region: region }: StackOutputs,
  profile: string | undefined,
): Promise<boolean> {
  if (functionName === undefined || region === undefined) return false;
  try {
    const isNew = await keepCode({ functionName, region, profile, folder: KEPT_FOLDER });
    if (isNew) say('The API was compiled where it runs. Deploying what came of it, for shorter cold starts');
    return isNew;
  } catch (error) {
    if (!isKittiwakeError(error, 'code_cache_failed')) throw error;
    console.error(`warning: ${error.message}; cold starts take longer than they could`);
    return false;
  }
}

/** Of no key: where a hash must stand that nobody looks at. */
const NO_KEY = '0'.repeat(64);

/** Of the key that is kept, and of the one that a new key takes the place of, where both are to be accepted. */
async function keyHashes(
  { context, newKey, keepOldKey }: CdkArguments,
  outputs: () => Promise<StackOutputs | undefined>,
): Promise<[known: string | undefined, previous?: string | undefined]> {
  if (newKey) return keepOldKey ? [undefined, (await outputs())?.ApiKeySha256] : [undefined];
  return [typeof context.apiKeySha256 === 'string' ? context.apiKeySha256 : (await outputs())?.ApiKeySha256];
}

/** A profile that is named counts, and not credentials that happen to be in the environment, which may be of another account. */
function environment({ profile }: CdkArguments, region: string): NodeJS.ProcessEnv {
  const dropped =
    profile === undefined
      ? /^KITTIWAKE_/
      : /^(KITTIWAKE_|AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$)/;
  const own = Object.entries(process.env).filter(([name]) => !dropped.test(name));
  return { ...Object.fromEntries(own), AWS_REGION: region, ...(profile && { AWS_PROFILE: profile }) };
}

async function deployStack(
  stackName: string,
  rest: readonly string[],
  hashes: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv,
): Promise<StackOutputs> {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-deploy-'));
  const file = join(folder, 'outputs.json');
  try {
    const context = Object.entries(hashes).flatMap(([name, hash]) => ['-c', `${name}=${hash}`]);
    await runCommand(['cdk', 'deploy', '--outputs-file', file, ...rest, ...context], env);
    return JSON.parse(readFileSync(file, 'utf8'))[stackName] ?? {};
  } catch (error) {
    if (isKittiwakeError(error, 'command_failed')) console.error(HINTS);
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a first deployment fails on most often. */
const HINTS = `
If the message above names ...
  a bootstrap stack or an SSM parameter: run  npm run bootstrap  once for this account and region
  UnreservedConcurrentExecution: new accounts have too little to reserve any, add  -c apiConcurrency=none
`;

/** With the rights of who deploys. A wiki that is there stays as it is. */
async function createWiki(bucket: string, wiki: string, env: NodeJS.ProcessEnv): Promise<void> {
  const main = join(ROOT, 'src/cli/main.ts');
  const command = [process.execPath, main, 'wiki', 'create', '--store', `s3://${bucket}`, '--wiki', wiki];
  const { code, errors } = await captureErrors(command, env);
  if (code === 0) process.stderr.write(errors);
  else if (!/\(wiki_exists\)\s*$/.test(errors)) throw new Error(errors.trim().replace(/^error: /, ''));
}

function farewell(url: string, key: string, { DistributionDomain }: StackOutputs): string {
  const dns =
    DistributionDomain === undefined
      ? ''
      : `Point ${new URL(url).hostname} to ${DistributionDomain} first.\n`;
  return `
The wiki is at ${url}
${dns}Write its first page, with ${key} as KEY:

  curl -X PUT "${url}/api/v1/pages/Home" -H "Authorization: Bearer $KEY" \\
    -H 'Content-Type: application/json' -d '{"content": "# Hello\\n"}'
`;
}

function farewellOfMany(url: string, key: string): string {
  return `
The wikis are behind ${url}, and there is none yet. Make the first one, with ${key} as KEY:

  curl -X POST "${url}/api/v1/tenants" -H "Authorization: Bearer $KEY" \\
    -H 'Content-Type: application/json' -d '{"name": "first", "token": true}'
`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

deploy(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});

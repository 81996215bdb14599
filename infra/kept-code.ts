import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { codeCacheFailed } from './errors.ts';
import type { CodeCache } from './functions/code-cache/handler.ts';
import { isKeptName, keepFiles } from './functions/kept-files.ts';

export interface KeepCodeOptions {
  /** Of the function of `code-cache.handler`. */
  functionName: string;
  region: string;
  profile: string | undefined;
  /** Where the next bundle takes it from; what was there is replaced. */
  folder: string;
}

/**
 * Lets a deployed function compile the API on the platform it runs on, and keeps what comes of it.
 * @returns false when the deployed function has it already
 * @throws KittiwakeError `code_cache_failed`
 */
export async function keepCode({ functionName, region, profile, folder }: KeepCodeOptions): Promise<boolean> {
  const client = new LambdaClient({ region, ...(profile === undefined ? {} : { profile }) });
  const { used, files } = await invoke(client, functionName);
  if (used) return false;
  const decoded = Object.entries(files).map(([name, text]) => [name, Buffer.from(text, 'base64')] as const);
  keepFiles(folder, new Map(decoded));
  return true;
}

async function invoke(client: LambdaClient, functionName: string): Promise<CodeCache> {
  try {
    const { FunctionError, Payload } = await client.send(new InvokeCommand({ FunctionName: functionName }));
    const answer = JSON.parse(Buffer.from(Payload ?? []).toString('utf8'));
    if (FunctionError !== undefined) throw new Error(`${answer.errorType}: ${answer.errorMessage}`);
    const names = Object.keys(answer.files);
    if (names.length === 0 || names.some(name => !isKeptName(name)))
      throw new Error(`its answer names the files ${names.join(', ') || 'none'}`);
    return answer;
  } catch (error) {
    throw codeCacheFailed(functionName, error);
  } finally {
    client.destroy();
  }
}

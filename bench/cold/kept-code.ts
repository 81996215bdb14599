import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeCache } from '../../infra/functions/code-cache/handler.ts';
import { FunctionEnvironment } from '../../test/support/lambda/function-environment.ts';

/** Takes away what V8 kept of the scripts in an asset: what is left is the asset as it is before its first deployment. */
export function dropKeptCode(taskRoot: string): void {
  for (const file of readdirSync(taskRoot).filter(each => each.endsWith('.cache'))) {
    rmSync(join(taskRoot, file));
  }
}

/**
 * Does to an asset what `npm run deploy` does: calls the function beside it that returns what V8 compiled, and puts that beside its
 * files. It serves every size of memory.
 * @throws Error when V8 does not take it
 */
export async function addKeptCode(taskRoot: string, memoryMb: number): Promise<void> {
  const { used, files } = await call(taskRoot, memoryMb);
  if (used) return;
  for (const [name, base64] of Object.entries(files)) {
    writeFileSync(join(taskRoot, name), Buffer.from(base64, 'base64'));
  }
  const again = await call(taskRoot, memoryMb);
  if (!again.used) throw new Error(`Keeping compiled code fails: V8 does not take it at ${memoryMb} MB`);
}

async function call(taskRoot: string, memoryMb: number): Promise<CodeCache> {
  const handler = 'code-cache.handler';
  const environment = new FunctionEnvironment({ taskRoot, memoryMb, timeoutMs: 30_000, handler });
  try {
    const { error, payload, log } = await environment.invoke({});
    if (error !== undefined) {
      throw new Error(`Calling ${handler} fails: ${error.errorMessage}\n${log.join('\n')}`);
    }
    return JSON.parse(payload.toString());
  } finally {
    await environment.stop();
  }
}

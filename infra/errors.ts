import { KittiwakeError } from '../src/core/errors.ts';

/** `wanted` reads on from "it must be". */
export function contextInvalid(name: string, value: string, wanted: string): KittiwakeError {
  return new KittiwakeError('context_invalid', `Invalid context ${name}="${value}": it must be ${wanted}`, {
    data: { name },
  });
}

export function contextMissing(name: string, wanted: string): KittiwakeError {
  return new KittiwakeError('context_invalid', `Missing context ${name}: it must be ${wanted}`, {
    data: { name },
  });
}

export function contextUnknown(name: string, near: string): KittiwakeError {
  return new KittiwakeError('context_invalid', `Unknown context ${name}: did you mean ${near}?`, {
    data: { name },
  });
}

export function contextContradicts(first: string, second: string, what: string): KittiwakeError {
  return new KittiwakeError('context_invalid', `Conflicting context ${first} and ${second}: ${what}`, {
    data: { name: first, other: second },
  });
}

export function regionMissing(cause: unknown): KittiwakeError {
  return new KittiwakeError(
    'region_missing',
    'Deploying without a region: set AWS_REGION, or a region in the profile',
    { cause },
  );
}

export function stackUnreadable(stackName: string, cause: unknown): KittiwakeError {
  const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new KittiwakeError('stack_unreadable', `Looking for the stack "${stackName}": ${why}`, { cause });
}

export function commandFailed(command: string, code: number | null): KittiwakeError {
  return new KittiwakeError('command_failed', `Running ${command}: it ended with ${code ?? 'a signal'}`, {
    data: { command, code },
  });
}

export function outputMissing(stackName: string, name: string): KittiwakeError {
  return new KittiwakeError('output_missing', `Reading the outputs of "${stackName}": there is no ${name}`, {
    data: { stackName, name },
  });
}

export function bucketKept(stackName: string): KittiwakeError {
  return new KittiwakeError(
    'bucket_kept',
    `Destroying "${stackName}": it keeps its bucket, run npm run deploy -- -c destroyBucket=true first`,
    { data: { stackName } },
  );
}

export function codeCacheFailed(functionName: string, cause: unknown): KittiwakeError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new KittiwakeError('code_cache_failed', `Compiling the API by "${functionName}": ${why}`, { cause });
}

export function pluginAbsent(source: string): KittiwakeError {
  return new KittiwakeError(
    'plugin_absent',
    `Bundling the plugin "${source}": there is no such file, it must be the path of a script from the root of the project`,
    { data: { source } },
  );
}

import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTEXT } from '../../infra/context.ts';
import { buildApi } from '../../infra/functions/build.ts';
import { bundleEagerly } from './eager-bundle.ts';
import { addKeptCode, dropKeptCode } from './kept-code.ts';
import type { FunctionVariant } from './start.ts';

/** A form of the API function, or a function to compare it with. */
export interface Variant extends FunctionVariant {
  name: VariantName;
  /** For the legend. */
  meaning: string;
}

export const VARIANT_NAMES = ['empty', 'default', 'token', 'nocache', 'noprefetch', 'eager'] as const;
export type VariantName = (typeof VARIANT_NAMES)[number];

/** Megabytes of the API function unless the deployment says otherwise. */
export const DEFAULT_MEMORY_MB = Number(CONTEXT.apiMemory.default);

const MEANINGS: Readonly<Record<VariantName, string>> = {
  empty: 'a streamed handler that answers at once',
  default: 'as npm run deploy leaves it: prefetch, code cache',
  token: 'default, called with a scoped token in place of the key',
  nocache: 'as cdk deploy alone leaves it: no code cache',
  noprefetch: 'default, but init reads no ledger',
  eager: 'the same sources with static imports, in one file',
};

const EMPTY = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
  const out = awslambda.HttpResponseStream.from(stream, { statusCode: 200, headers: {} });
  out.write('{}');
  out.end();
});
`;

/** Builds what is to be measured below `folder`. @param withEager takes longer, and is slow itself */
export async function buildVariants(folder: string, withEager: boolean): Promise<Variant[]> {
  const { folder: api } = await buildApi(join(folder, 'functions'));
  dropKeptCode(api);
  const kept = join(folder, 'kept');
  cpSync(api, kept, { recursive: true });
  await addKeptCode(kept, DEFAULT_MEMORY_MB);
  const eager = join(folder, 'eager');
  if (withEager) await bundleEagerly(eager);
  const roots = {
    empty: emptyFunction(folder),
    default: kept,
    token: kept,
    nocache: api,
    noprefetch: kept,
    eager,
  };
  const names = VARIANT_NAMES.filter(name => withEager || name !== 'eager');
  return names.map(name => ({
    name,
    meaning: MEANINGS[name],
    taskRoot: roots[name],
    environment: name === 'noprefetch' ? { ...DEPLOYED, KITTIWAKE_PREFETCH: 'false' } : DEPLOYED,
  }));
}

/** What the stack sets of every API function, unless the deployment says otherwise. */
const DEPLOYED = {
  KITTIWAKE_DATA: '/tmp/kittiwake',
  KITTIWAKE_PREFETCH: CONTEXT.prefetch.default,
  KITTIWAKE_METRICS: CONTEXT.metrics.default,
  KITTIWAKE_TRACING: CONTEXT.tracing.default,
  KITTIWAKE_LOG_LEVEL: CONTEXT.logLevel.default,
} as const;

function emptyFunction(folder: string): string {
  const taskRoot = join(folder, 'empty');
  mkdirSync(taskRoot);
  writeFileSync(join(taskRoot, 'index.mjs'), EMPTY);
  return taskRoot;
}

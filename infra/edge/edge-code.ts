import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** CloudFront's limit, in bytes. */
const MAX_BYTES = 10_240;

/** What the language there lacks: esbuild refuses a source that has it and cannot do without. */
const LACKING = [
  'array-spread',
  'class',
  'default-argument',
  'destructuring',
  'for-of',
  'generator',
  'logical-assignment',
  'nullish-coalescing',
  'object-rest-spread',
  'optional-catch-binding',
  'optional-chain',
];

/**
 * The function that CloudFront runs for each request of the site, as one script whose `handler` is global.
 * @throws when it is too large, or written in what is not known there
 */
export function edgeCode(): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(import.meta.dirname, 'site-request.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'site',
    minify: true,
    charset: 'ascii',
    target: 'es2017',
    supported: Object.fromEntries(LACKING.map(feature => [feature, false])),
    logLevel: 'silent',
  });
  const code = `${outputFiles[0]?.text ?? ''}function handler(event){return site.handler(event)}\n`;
  if (code.length > MAX_BYTES)
    throw new Error(`Bundling fails: the function at the edge has ${code.length} bytes`);
  return code;
}

import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { transformSync } from 'esbuild';

const require = createRequire(import.meta.url);
const CACHE = resolve(import.meta.dirname, '../../../.cache/lambda-runtime');
let known: string | undefined;

/**
 * The folder that is `/var/runtime` on Lambda: AWS's own runtime client, unchanged, and beside it, under the name of its native
 * addon, a folder with a small one in JavaScript. Kept in `.cache`, named after its content.
 */
export function runtimeFolder(): string {
  known ??= ensureFolder();
  return known;
}

function ensureFolder(): string {
  const client = require.resolve('aws-lambda-ric');
  const source = readFileSync(join(import.meta.dirname, 'rapid-client.child.ts'), 'utf8');
  const { code } = transformSync(source, { loader: 'ts', format: 'cjs', target: 'node24', minify: true });
  const name = createHash('sha256').update(readFileSync(client)).update(code).digest('hex').slice(0, 16);
  const folder = join(CACHE, name);
  if (!existsSync(folder)) build(folder, client, code);
  return folder;
}

/** Others may build it at the same time: the first one's stays. */
function build(folder: string, client: string, code: string): void {
  const made = `${folder}-${randomUUID()}`;
  const addon = join(made, 'rapid-client.node');
  mkdirSync(addon, { recursive: true });
  cpSync(client, join(made, 'index.mjs'));
  writeFileSync(join(addon, 'package.json'), '{"type":"commonjs","main":"index.js"}\n');
  writeFileSync(join(addon, 'index.js'), code);
  try {
    renameSync(made, folder);
  } catch (error) {
    rmSync(made, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}

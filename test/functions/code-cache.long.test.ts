import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { builtForTests } from './built.ts';

const built = builtForTests();

/** A copy of the API function's files, with what V8 keeps when the function is exercised under `flags`. */
function prepared(flags: readonly string[] = []): { folder: string; files: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-code-cache-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(built().api.folder, folder, { recursive: true });
  const script = `const { handler } = await import('${folder}/code-cache.mjs');
    const { files } = await handler();
    process.stdout.write('\\n' + JSON.stringify(files));`;
  const output = run(script, flags);
  const files: Record<string, string> = JSON.parse(output.slice(output.lastIndexOf('\n')));
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(folder, name), Buffer.from(text, 'base64'));
  return { folder, files: Object.keys(files) };
}

function run(script: string, flags: readonly string[] = []): string {
  return execFileSync(process.execPath, [...flags, '--input-type=module', '--eval', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
}

/** Whether a fresh process takes every script from the cache, and answers. */
function start(folder: string, flags: readonly string[] = []): { used: boolean; status: number } {
  const script = `const entry = await import('${folder}/index.mjs');
    await import('${folder}/store.mjs'); await import('${folder}/write.mjs');
    const http = { method: 'GET', path: '/api/v1/health', protocol: 'HTTP/1.1', sourceIp: '', userAgent: '' };
    const { statusCode } = await entry.bufferedHandler(
      { rawPath: http.path, rawQueryString: '', headers: {}, requestContext: { domainName: 'x', stage: '$default', http } },
      { getRemainingTimeInMillis: () => 1000 });
    process.stdout.write('\\n' + JSON.stringify({ used: entry.$used(), status: statusCode }));`;
  const output = run(script, flags);
  return JSON.parse(output.slice(output.lastIndexOf('\n')));
}

test('what the function has compiled is taken by the next process', () => {
  const { folder, files } = prepared();
  expect(files.map(name => name.split('.')[0])).toEqual(['index', 'store', 'write']);
  expect(start(folder)).toEqual({ used: true, status: 200 });
  expect(start(built().api.folder)).toEqual({ used: false, status: 200 });
});

test('what was compiled under other flags is not taken, and the function answers', () => {
  const { folder } = prepared(['--max-lazy']);
  expect(start(folder)).toEqual({ used: false, status: 200 });
  expect(start(folder, ['--max-lazy'])).toEqual({ used: true, status: 200 });
});

test('a file that was cut is not taken, and the function answers', () => {
  const { folder, files } = prepared();
  for (const name of files) truncateSync(join(folder, name), 1000);
  expect(start(folder)).toEqual({ used: false, status: 200 });
});

test('another script than the one that was compiled takes nothing of it', () => {
  const { folder } = prepared();
  const [hash] = readdirSync(folder).flatMap(name => /^write\.([0-9a-f]{16})\./.exec(name)?.[1] ?? []);
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  // As after a change of the source: the entry asks for another name.
  const kind = `${process.arch}-${process.versions.v8}.cache`;
  renameSync(join(folder, `write.${hash}.${kind}`), join(folder, `write.0123456789abcdef.${kind}`));
  expect(start(folder)).toEqual({ used: false, status: 200 });
});

import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { runFresh } from './fresh-process.ts';

/** Packages that cost more than a page write may, and the folders of ours that use them. */
const HEAVY = [
  'isomorphic-git',
  'marked',
  'better-sqlite3',
  'kysely',
  'nodemailer',
  'yaml',
  'diff',
  'node-diff3',
  'zod',
  'rou3',
  'pg',
  '@aws-sdk',
  '@smithy',
  'undici',
  'mrmime',
];

/** Modules of Node that open connections, or load undici. */
const CONNECTING = /NativeModule (http|https|http2|net|tls|dns|dgram|_http_\w+|internal\/deps\/undici.*)$/;

/** Folders of ours that an answer of the API's health has no need of. */
const NOT_NEEDED = /\/src\/(wiki|git|swap|storage|db|projection|import|render|mail|cli)\//;

const inPackage = (name: string) => new RegExp(`/node_modules/${name}/`);

describe.each(['init', 'health'])('after %s of the handler in a fresh process', step => {
  test('nothing heavy is loaded', async () => {
    const { report } = await runFresh('init.child.ts', 'handler');
    const { loaded } = report[step] as { loaded: string[] };
    expect(loaded.some(url => url.endsWith('/src/handler/api.ts'))).toBe(true);
    for (const name of HEAVY) expect(loaded.filter(url => inPackage(name).test(url))).toEqual([]);
    expect(loaded.filter(url => url.includes('/node_modules/'))).toEqual([]);
    expect(loaded.filter(url => NOT_NEEDED.test(url))).toEqual([]);
    if (step === 'init') expect(loaded.filter(url => url.includes('/openapi/'))).toEqual([]);
  });

  test('no file is there, no socket is open, no timer is left', async () => {
    const { report, folder } = await runFresh('init.child.ts', 'handler');
    const empty = await runFresh('init.child.ts', './empty.child.ts');
    expect(report[step].resources).toEqual(empty.report.init.resources);
    expect(await readdir(folder)).toEqual([]);
  });

  test('nothing of Node is loaded that opens connections', async () => {
    const { report } = await runFresh('init.child.ts', 'handler');
    const empty = await runFresh('init.child.ts', './empty.child.ts');
    const { builtin } = report[step] as { builtin: string[] };
    const more = builtin.filter(name => !empty.report.init.builtin.includes(name));
    expect(more.filter(name => CONNECTING.test(name))).toEqual([]);
    if (step === 'init')
      expect(more.filter(name => /NativeModule (crypto|fs\/promises)$/.test(name))).toEqual([]);
  });
});

test('what these tests look for is found where it is', async () => {
  const { report } = await runFresh('init.child.ts', 'node:http');
  expect(report.init.builtin.filter((name: string) => CONNECTING.test(name))).toContain('NativeModule http');
  const yaml = await runFresh('init.child.ts', 'yaml');
  expect(yaml.report.init.loaded.some((url: string) => inPackage('yaml').test(url))).toBe(true);
});

import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeGroupScripts } from '../../infra/functions/group-scripts.ts';

const ENTRY = 'var own=1,load=()=>import("./store.mjs");export{own as $0,load};\n';

/** An entry and a store, written as esbuild writes them, as scripts. */
function made(store: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-scripts-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'index.mjs'), ENTRY);
  writeFileSync(join(folder, 'store.mjs'), store);
  makeGroupScripts(folder, [
    { name: 'index', exports: ['$0', 'load'] },
    { name: 'store', exports: ['sum'] },
  ]);
  return folder;
}

test('a script has what the one before it exports, also when it is loaded late', async () => {
  const folder = made('import{$0 as one}from"./index.mjs";var sum=one+1;export{sum};\n');
  const { load } = await import(join(folder, 'index.mjs'));
  expect(await load()).toEqual({ sum: 2 });
  expect(await import(join(folder, 'store.mjs'))).toMatchObject({ sum: 2 });
});

test('loading a script that failed is tried again by the next call', async () => {
  const folder = made('var sum=2;export{sum};\n');
  const [script, aside] = [join(folder, 'store.script.js'), join(folder, 'aside')];
  const { load } = await import(join(folder, 'index.mjs'));
  renameSync(script, aside);
  await expect(load()).rejects.toThrow('ENOENT');
  renameSync(aside, script);
  expect(await load()).toEqual({ sum: 2 });
});

test.each([
  ['its own address', 'var sum=import.meta.url;export{sum};\n'],
  ['an await outside of functions', 'var sum=await 2;export{sum};\n'],
  ['an import of a computed name', 'var sum=name=>import(name);export{sum};\n'],
  ['letters beyond ASCII', 'var sum="ü";export{sum};\n'],
])('bundling refuses a script with %s', (_, source) => {
  expect(() => made(source)).toThrow();
});

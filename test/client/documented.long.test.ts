import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, expect, test } from 'vitest';
import { follow, ROOT, temporaryFolder } from '../support/cli.ts';
import { serveWiki } from '../support/served-wiki.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** The samples of the document as one module, which imports the client from where it lies. */
function samples(url: string): string {
  const document = readFileSync(join(ROOT, 'docs/client.md'), 'utf8');
  const blocks = [...document.matchAll(/^```ts\n(.*?)^```$/gms)].map(match => match[1] ?? '');
  expect(blocks.length).toBeGreaterThan(5);
  return blocks
    .join('\n')
    .replaceAll(`'kittiwake/client/errors'`, `'${ROOT}/src/client/errors.ts'`)
    .replaceAll(`'kittiwake/client'`, `'${ROOT}/src/client/client.ts'`)
    .replace('http://127.0.0.1:8080', url);
}

function typeErrors(file: string): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, ROOT);
  const typeRoots = [join(ROOT, 'node_modules/@types')];
  const program = ts.createProgram([file], { ...options, typeRoots });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test('the samples of docs/client.md compile and run, one after the other', { timeout: 120_000 }, async () => {
  const wiki = await serveWiki(folder.path('data'));
  const file = folder.path('samples.mts');
  writeFileSync(file, samples(wiki.url));
  expect(typeErrors(file)).toEqual([]);
  const env = { WIKI_TOKEN: wiki.key };
  const { code, out, err } = await follow([process.execPath, file], { env }).finished;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('409 Revision required');
  const start = await wiki.client().page('Guide/Start');
  expect(start.content).toBe('# Intro\n\n## Steps\n\nAt first.\n\nMore.\n\nSecond.\n');
  expect((await wiki.client().page('Shopping')).content).toContain('- bread');
});

import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { runHere } from '../support/run-here.ts';

const EXAMPLE = resolve('examples/plugins/house-rules.ts');

it('lists what a server would load', async () => {
  const list = (plugins: string, ...args: string[]) =>
    runHere(['plugin', 'list', ...args], { KITTIWAKE_PLUGINS: plugins });
  expect((await list('')).out).toBe('No plugins\n');
  expect((await list(EXAMPLE)).out).toBe(`house-rules\t1\t${EXAMPLE}\tbeforeWrite,renderEmbedding\n`);
  const hooks = ['beforeWrite', 'renderEmbedding'];
  const described = { name: 'house-rules', version: '1', source: EXAMPLE, hooks };
  expect(JSON.parse((await list(EXAMPLE, '--json')).out)).toEqual(described);
  const absent = await list('./absent.ts');
  expect([absent.code, absent.err]).toEqual([1, expect.stringContaining('"./absent.ts"')]);
});

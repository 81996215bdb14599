import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { runHere } from '../support/run-here.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Text of a page as it would be exported. */
async function exported(data: string, page: string): Promise<string> {
  const out = folder.path(`out-${page.replaceAll('/', '-')}`);
  const { code, err } = await runHere(['export', out, '--files', '--data', data]);
  expect([code, err]).toEqual([0, expect.anything()]);
  return readFileSync(`${out}/${page}`, 'utf8');
}

it('an import joins a file beside its pipeline and the pages of the wiki, and replays what it kept', async () => {
  const data = folder.path('data');
  const write = (name: string, text: string) => {
    writeFileSync(folder.path(name), text);
    return folder.path(name);
  };
  const first = write('first.csv', 'path,content\nbirds/gull,Old\n');
  expect((await runHere(['import', first, '--data', data])).code).toBe(0);
  write('makers.csv', 'id,name\n1,Anna\n2,Bo\n');
  const pipeline = (cache: string) =>
    write(
      `${cache}.yaml`,
      [
        'sources: { makers: { file: makers.csv } }',
        'steps:',
        '  - map: { path: "birds/{{name | slug}}" }',
        `    cache: ${cache}`,
        '  - semi-join: { with: wiki, on: path, anti: true }',
        '  - join: { with: makers, on: { maker: id }, prefix: maker_ }',
        'page: { content: "{{name}} by {{maker_name}}\\n", title: "{{name}}" }',
      ].join('\n'),
    );
  const rows = write('birds.csv', 'name,maker\nGull,1\nHerring Gull,2\nTern,3\n');
  const run = (cache: string) =>
    runHere(['import', rows, '--pipeline', pipeline(cache), '--data', data, '--dry-run']);
  expect((await run('replay')).err).toContain('memo_missing');
  const { code, err } = await runHere(['import', rows, '--pipeline', pipeline('log'), '--data', data]);
  expect([code, err]).toEqual([0, expect.anything()]);
  expect(await exported(data, 'birds/herring-gull.md')).toBe(
    '---\ntitle: Herring Gull\n---\nHerring Gull by Bo\n',
  );
  expect(await exported(data, 'birds/gull.md')).toBe('Old');
  expect((await run('replay')).err).not.toContain('memo_missing');
});

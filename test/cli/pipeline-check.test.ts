import { writeFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { runHere } from '../support/run-here.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

function check(text: string, ...flags: string[]) {
  const file = folder.path('p.yaml');
  writeFileSync(file, text);
  return runHere(['pipeline', 'check', file, ...flags]);
}

it('shows what a sound pipeline will do', async () => {
  const { code, out } = await check(
    'steps:\n  - select: [id, title]\n  - dedupe: { by: id, limit: 9 }\npage: { path: "{{id}}", content: "{{title}}" }\n',
  );
  expect(code).toBe(0);
  expect(out).toBe(
    [
      ' 1  select  each row for itself; columns: id, title',
      ' 2  dedupe  holds hashes of up to 9 rows, 43 bytes each; columns: id, title',
      '    page    made from columns: id, title',
      'Rows are worked on in one thread; an import that stopped runs the steps again from the beginning',
      '',
    ].join('\n'),
  );
});

it('lists all problems with their places, and ends with 1', async () => {
  const { code, out } = await check('steps:\n  - slect: a\n  - drop: 1\n');
  expect(code).toBe(1);
  expect(out.split('\n')).toEqual([
    'line 2, column 12: steps[0].slect: unknown step "slect", did you mean "select"?',
    'line 3, column 11: steps[1].drop: it must be a column or a list of columns, and is 1',
    '',
  ]);
});

it('holds the columns that a pipeline names against those of the source', async () => {
  const { code, out } = await check('page: { content: "{{boby}}" }', '--columns', 'path, body');
  expect([code, out]).toEqual([1, 'page.content: no row has a column "boby" here, did you mean "body"?\n']);
  expect((await check('page: { content: "{{body}}" }', '--columns', 'path, body')).code).toBe(0);
});

it('says that a file cannot be read', async () => {
  const { code, err } = await runHere(['pipeline', 'check', folder.path('absent.yaml')]);
  expect(code).toBe(2);
  expect(err).toContain('absent.yaml');
});

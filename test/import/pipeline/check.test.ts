import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkPipeline } from '../../../src/import/pipeline/check.ts';
import { problemText } from '../../../src/import/pipeline/errors.ts';
import { examinePipelineText, readPipelineText } from '../../../src/import/pipeline/pipeline-file.ts';
import { pipelineSchema } from '../../../src/import/pipeline/pipeline-shape.ts';
import { planPipeline } from '../../../src/import/pipeline/plan.ts';

function problems(text: string): string[] {
  return examinePipelineText(text).problems.map(problemText);
}

describe('a pipeline', () => {
  it('names the place of each problem and what would be right', () => {
    const text = [
      'steps:',
      '  - fliter: x',
      '  - join: { wiht: authors, on: id }',
      '  - select: [1, __proto__]',
      '  - batch: { size: 0 }',
      '  - select: a',
      '    drop: b',
      'pages: {}',
    ].join('\n');
    expect(problems(text)).toEqual([
      'line 2, column 13: steps[0].fliter: unknown step "fliter", did you mean "filter"?',
      'line 3, column 19: steps[1].join.wiht: unknown key "wiht", did you mean "with"?',
      'line 3, column 11: steps[1].join: it must have "with"',
      'line 4, column 14: steps[2].select[0]: it must be a text, and is 1',
      'line 4, column 17: steps[2].select[1]: "__proto__" cannot be the name of a column',
      'line 5, column 20: steps[3].batch.size: it must be a whole number from 1 to 10000, and is 0',
      expect.stringContaining('line 6, column 5: steps[4]: it must be an object of one step'),
      'line 8, column 8: pages: unknown key "pages", did you mean "page"?',
    ]);
  });

  it('has its texts looked into once it has its shape', () => {
    const text = [
      'steps:',
      '  - filter: status = "x"',
      '  - join: { with: autors, on: id }',
      '    cache: log',
      '  - rename: { a: c, b: c }',
      '  - semi-join: { with: wiki, on: {} }',
      'sources: { authors: { file: a.csv, wiki: {} } }',
      'page: { path: "{{a | slog}}", frontmatter: { x: "{{" } }',
    ].join('\n');
    expect(problems(text)).toEqual([
      expect.stringMatching(/^line 7, column 21: sources.authors: it must have either/),
      expect.stringMatching(/^line 2, column 13: steps\[0\].filter: in the filter, at character 8/),
      expect.stringMatching(/^line 3, column 5: steps\[1\]: "cache" must be with filter or map/),
      expect.stringMatching(
        /^line 3, column 19: steps\[1\].join.with: unknown source "autors", did you mean "authors"/,
      ),
      expect.stringMatching(/^line 5, column 13: steps\[2\].rename: two columns must not both become "c"/),
      expect.stringMatching(/^line 6, column 34: steps\[3\].semi-join.on: it must name a column/),
      expect.stringMatching(
        /^line 8, column 15: page.path: in the template, at character 7: unknown filter "slog"/,
      ),
      expect.stringMatching(/^line 8, column 49: page.frontmatter.x: in the template/),
    ]);
  });

  it('is refused where it names a column that no row can have', () => {
    const text =
      'steps:\n  - select: [id, title, body]\n  - rename: { body: content }\npage: { path: "{{titel}}" }';
    expect(problems(text)).toEqual([
      'line 4, column 15: page.path: no row has a column "titel" here, did you mean "title"?',
    ]);
    const columns = planPipeline(readPipelineText(text.replace('titel', 'title')), ['id', 'title']).problems;
    expect(columns.map(problemText)).toEqual([
      'steps[0].select: no row has a column "body" here, there are id, title',
    ]);
  });

  it.each([
    ['steps: [a: {', 'line 1'],
    [`${'k'.repeat(500)}: 1`, `unknown key "${'k'.repeat(60)}…"`],
    ['a: 1\na: 2', 'Map keys must be unique'],
    ['- select: a', 'it must be an object of sources, steps, page, and is an array'],
    ['"text"', 'it must be an object'],
    ['sources: &a {x: {file: *a}}', ''],
    [`page: {path: "${'x'.repeat(200_000)}"}`, '100000 characters at most'],
    [`# ${'x'.repeat(2_000_000)}`, '1048576 characters at most'],
    [`steps: [${'{select: a},'.repeat(101)}]`, '100 items at most'],
  ])('is refused where it cannot be meant so: case %#', (text, reason) => {
    expect(problems(text).join('\n')).toContain(reason);
    expect(() => readPipelineText(text)).toThrow(expect.objectContaining({ code: 'pipeline_invalid' }));
  });

  it('of aliases to aliases is refused before it grows', () => {
    const levels = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`);
    expect(problems(['a0: &a0 [x]', ...levels].join('\n')).join('\n')).toMatch(/alias/i);
  });

  it('may be JSON, and no text at all', () => {
    expect(readPipelineText('{"steps": [{"drop": "a"}]}').steps).toEqual([
      { kind: 'drop', cache: 'off', columns: ['a'] },
    ]);
    expect(readPipelineText('')).toMatchObject({ steps: [], page: { path: '{{path}}' } });
    expect(checkPipeline(undefined)).toEqual(checkPipeline({}).page && { ...checkPipeline({}), sources: {} });
  });

  it('reads "on", "no" and "yes" as the texts that they are', () => {
    const { steps } = readPipelineText('steps: [{ join: { with: wiki, on: no, prefix: yes } }]');
    expect(steps[0]).toMatchObject({ on: { no: 'no' }, prefix: 'yes' });
  });

  it.each(globSync('examples/pipelines/*.yaml'))('%s is sound', file => {
    expect(problems(readFileSync(file, 'utf8'))).toEqual([]);
  });

  it('is described by the published schema', () => {
    const published: unknown = JSON.parse(readFileSync('docs/pipeline.schema.json', 'utf8'));
    expect(published, 'npx node scripts/pipeline-schema.ts writes it').toEqual(
      JSON.parse(JSON.stringify(pipelineSchema())),
    );
  });
});

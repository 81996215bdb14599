import { readFileSync } from 'node:fs';
import { problemText } from '../import/pipeline/errors.ts';
import { examinePipelineText } from '../import/pipeline/pipeline-file.ts';
import { type Plan, planPipeline } from '../import/pipeline/plan.ts';
import type { Call, Command } from './command.ts';
import { optionInvalid } from './errors.ts';

export const pipelineCheck: Command = {
  name: 'pipeline check',
  operands: ['<file>'],
  summary: 'Checks the pipeline of an import, and shows what it will do; runs nothing',
  flags: [
    {
      flag: '--columns',
      placeholder: 'NAMES',
      description:
        'Columns of the source, with commas between: then those that the pipeline names are checked too',
    },
  ],
  details: 'Exit code 0: it can run; 1: the problems are listed, with line and column.',
  async run(call) {
    const [file = ''] = call.operands;
    const { pipeline, problems } = examinePipelineText(readText(file));
    const plan = pipeline && planPipeline(pipeline, columnsOf(call));
    const all = plan?.problems ?? problems;
    for (const problem of all) call.terminal.out(problemText(problem));
    if (plan === undefined || all.length > 0) return 1;
    for (const line of planLines(plan)) call.terminal.out(line);
    return 0;
  },
};

function planLines({ steps, columns, isRowWise }: Plan): readonly string[] {
  const width = Math.max(4, ...steps.map(({ name }) => name.length));
  return [
    ...steps.map(
      ({ name, memory, columns: behind }, index) =>
        `${String(index + 1).padStart(2)}  ${name.padEnd(width)}  ${memory}; columns: ${shown(behind)}`,
    ),
    `    ${'page'.padEnd(width)}  made from columns: ${shown(columns)}`,
    isRowWise
      ? 'Each row is worked on for itself: in any number of threads, and an import goes on where it stopped'
      : 'Rows are worked on in one thread; an import that stopped runs the steps again from the beginning',
  ];
}

function shown(columns: Plan['columns']): string {
  return columns === undefined ? 'those of the source' : columns.join(', ');
}

function columnsOf({ options }: Call): readonly string[] | undefined {
  return options
    .get('--columns')
    ?.split(',')
    .map(name => name.trim());
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw optionInvalid('<file>', file, `a file that can be read (${(error as Error).message})`);
  }
}

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { FlagSpec } from '../core/flags.ts';
import type { JobOptions, JobReading } from '../import/job/job.ts';
import { authorOption } from './author-option.ts';
import type { Call } from './command.ts';
import { optionInvalid, optionsContradict } from './errors.ts';

/** Flags of what is imported by a job: rows that become pages. */
export const JOB_FLAGS: readonly FlagSpec[] = [
  {
    flag: '--format',
    placeholder: 'FORMAT',
    description: 'csv, ndjson, xlsx or markdown (default: told from the content)',
  },
  {
    flag: '--pipeline',
    placeholder: 'FILE',
    description: 'How rows become pages, in YAML or JSON (default: columns path and content)',
  },
  {
    flag: '--existing',
    placeholder: 'WHAT',
    description: 'Pages that exist with other content: fail (the default), skip, overwrite or merge',
  },
  {
    flag: '--on-error',
    placeholder: 'WHAT',
    description: 'What a row that fails does: skip (the default), or fail and commit nothing',
  },
  { flag: '--dry-run', description: 'Commit nothing: say what would come of it' },
  { flag: '--commit-pages', placeholder: 'N', description: 'Commit every N pages (default: one commit)' },
  { flag: '--max-rows', placeholder: 'N', description: 'Refuse a source with more rows' },
  {
    flag: '--encoding',
    placeholder: 'LABEL',
    description: 'Encoding of a text that is not UTF-8, for example windows-1252',
  },
  {
    flag: '--delimiter',
    placeholder: 'CHARACTER',
    description: 'Between the cells of CSV (default: told from the content)',
  },
  {
    flag: '--columns',
    placeholder: 'NAMES',
    description: 'Names of the columns of a CSV without a header, with commas between them',
  },
  { flag: '--lenient', description: 'Take rows of CSV with fewer cells than there are columns' },
  { flag: '--sheet', placeholder: 'NAME', description: 'Sheet of a workbook (default: the first)' },
  {
    flag: '--convention',
    placeholder: 'NAME',
    description: 'What wrote an archive: plain, obsidian, notion or outline (default: told from it)',
  },
  {
    flag: '--errors',
    placeholder: 'FILE',
    description: 'Write all rows that failed there, one JSON text in a line',
  },
  {
    flag: '--workers',
    placeholder: 'N',
    description: 'Threads that parse and deflate; 0: none beside the main one',
  },
  {
    flag: '--parts',
    placeholder: 'N',
    description: 'Cut a source into so many parts, where several processes are to import it',
  },
  { flag: '--resume', placeholder: 'ID', description: 'Go on with an import that was stopped' },
];

/** Threads of the largest machine that are of use by themselves. */
const MAX_THREADS = 4;
/** Below this a thread takes longer to start than it saves. */
const MIN_THREADED_BYTES = 4 << 20;

/** @throws KittiwakeError `usage`, `pipeline_invalid` */
export async function jobOptions(call: Call): Promise<JobOptions> {
  const { options } = call;
  const author = authorOption(options);
  const message = options.get('--message');
  const commitPages = countOption(call, '--commit-pages', 1);
  const maxRows = countOption(call, '--max-rows', 1);
  const format = choiceOption(call, '--format', ['csv', 'ndjson', 'xlsx', 'markdown'] as const);
  const reading = readingOf(call);
  return {
    ...(format === undefined ? {} : { format }),
    ...(options.has('--pipeline') ? { pipeline: await readPipeline(options.get('--pipeline') ?? '') } : {}),
    existing: existingOf(call),
    onError: choiceOption(call, '--on-error', ['skip', 'fail'] as const) ?? 'skip',
    dryRun: options.has('--dry-run'),
    ...(options.has('--into') ? { into: intoOf(options) } : {}),
    ...(message === undefined ? {} : { message }),
    ...(author === undefined ? {} : { author }),
    ...(commitPages === undefined ? {} : { commitPages }),
    ...(maxRows === undefined ? {} : { maxRows }),
    ...(Object.keys(reading).length === 0 ? {} : { reading }),
  };
}

export function intoOf(options: Call['options']): string {
  return (options.get('--into') ?? '').replace(/^\/+|\/+$/g, '');
}

export function existingOf(call: Call): JobOptions['existing'] {
  const flags = ['--overwrite', '--skip', '--existing'].filter(flag => call.options.has(flag));
  const [first, second] = flags;
  if (first !== undefined && second !== undefined) throw optionsContradict(first, second);
  if (first === '--overwrite') return 'overwrite';
  if (first === '--skip') return 'skip';
  return choiceOption(call, '--existing', ['fail', 'skip', 'overwrite', 'merge'] as const) ?? 'fail';
}

export function threadsOf(call: Call, bytes: number): number {
  const few = bytes < MIN_THREADED_BYTES ? 0 : Math.min(MAX_THREADS, availableParallelism());
  return countOption(call, '--workers', 0) ?? few;
}

export function partsOf(call: Call): number {
  return countOption(call, '--parts', 1) ?? 1;
}

export function attachmentsOf(call: Call): 'beside' | 'all' | 'none' {
  return choiceOption(call, '--attachments', ['beside', 'all', 'none'] as const) ?? 'beside';
}

function readingOf(call: Call): JobReading {
  const { options } = call;
  const texts = { encoding: '--encoding', delimiter: '--delimiter', sheet: '--sheet' } as const;
  const given = Object.entries(texts).flatMap(([name, flag]) => {
    const text = options.get(flag);
    return text === undefined ? [] : [[name, text] as const];
  });
  const columns = options.get('--columns');
  const convention = choiceOption(call, '--convention', ['plain', 'obsidian', 'notion', 'outline'] as const);
  return {
    ...Object.fromEntries(given),
    ...(convention === undefined ? {} : { convention }),
    ...(options.has('--attachments') ? { attachments: attachmentsOf(call) } : {}),
    ...(options.has('--hidden') ? { hidden: true } : {}),
    ...(options.has('--lenient') ? { isLenient: true } : {}),
    ...(columns === undefined ? {} : { columns: columns.split(',').map(name => name.trim()) }),
  };
}

/** As it was written, once it was checked. */
async function readPipeline(file: string): Promise<unknown> {
  const { readWrittenPipeline } = await import('../import/pipeline/pipeline-file.ts');
  return withFiles(readWrittenPipeline(readText(file)), dirname(resolve(file)));
}

/** Files that a pipeline names lie beside it, from wherever the import is gone on with. */
function withFiles(pipeline: unknown, folder: string): unknown {
  const { sources, ...rest } = pipeline as { sources?: Record<string, { file?: string }> };
  if (sources === undefined) return pipeline;
  const found = Object.entries(sources).map(([name, source]) => [
    name,
    source.file === undefined ? source : { ...source, file: resolve(folder, source.file) },
  ]);
  return { ...rest, sources: Object.fromEntries(found) };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw optionInvalid('--pipeline', file, `a file that can be read (${(error as Error).message})`);
  }
}

function choiceOption<T extends string>(
  { options }: Call,
  flag: string,
  choices: readonly T[],
): T | undefined {
  const text = options.get(flag);
  const found = choices.find(choice => choice === text);
  if (text === undefined || found !== undefined) return found;
  throw optionInvalid(flag, text, `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`);
}

function countOption({ options }: Call, flag: string, least: number): number | undefined {
  const text = options.get(flag);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text) || Number(text) < least)
    throw optionInvalid(flag, text, `a whole number, ${least} or more`);
  return Number(text);
}

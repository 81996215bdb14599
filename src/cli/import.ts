import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { sourceMissing } from '../import/errors.ts';
import { isBundle } from '../import/git/git-bundle.ts';
import { findGitFolder } from '../import/git/git-folder.ts';
import { firstContent } from '../import/git/gzip-file.ts';
import type { HistorySource } from '../import/git/history-source.ts';
import { importHistory } from '../import/git/import-history.ts';
import { findSource, isRepositoryUrl } from '../import/import-source.ts';
import type { JobSource } from '../import/job/job.ts';
import type { Service } from '../lazy/app.ts';
import { importGuard } from '../lazy/import-guard.ts';
import { authorOption } from './author-option.ts';
import { type Call, type Command, usageOf } from './command.ts';
import { argumentsWrong, optionsContradict, optionUnused } from './errors.ts';
import { attachmentsOf, existingOf, JOB_FLAGS } from './import-flags.ts';
import { importFile, resumeImport } from './import-job.ts';
import { printReport } from './import-summary.ts';
import { createLog, ensureWiki, withService } from './open-service.ts';
import { Progress } from './progress.ts';
import { keepHeapSmall } from './small-heap.ts';

export const importCommand: Command = {
  name: 'import',
  operands: ['<file | folder | git repository | bundle>'],
  takesMany: true,
  summary:
    'Brings pages in: the rows of a table, a folder or an archive of Markdown, a git repository with its history',
  flags: [
    { flag: '--as-folder', description: 'Take the files of a git working copy, without its history' },
    { flag: '--overwrite', description: 'Replace pages that exist with other content' },
    { flag: '--skip', description: 'Leave pages that exist as they are' },
    { flag: '--into', placeholder: 'PATH', description: 'Put everything below this page path' },
    {
      flag: '--attachments',
      placeholder: 'WHICH',
      description: 'Files that are no pages: beside (a page, the default), all or none',
    },
    { flag: '--hidden', description: 'Take names that begin with a dot, and node_modules' },
    {
      flag: '--branch',
      placeholder: 'NAME',
      description: 'The branch that becomes the wiki (default: that of HEAD)',
    },
    { flag: '--author', placeholder: 'WHO', description: 'Author of the commit: "Name <address>"' },
    { flag: '--message', placeholder: 'TEXT', description: 'Message of the commit' },
    ...JOB_FLAGS,
  ],
  details: [
    'Markdown files become pages, named as the API names them. Of the other files, those in a folder with a page or in a',
    "page's own folder come along, and pictures, sound, film and PDF below. What is left out is listed with its reason.",
    'A repository needs an empty wiki, or one that it continues. Nothing is visible before the import is complete.',
    'A table (CSV, NDJSON, XLSX) has the columns path and content, or what a pipeline makes of its columns. An import that',
    'was stopped or killed goes on from its last checkpoint when the same command is given again.',
  ].join('\n'),
  stopsItself: true,
  async run(call) {
    const resumed = call.options.get('--resume');
    const [path, ...more] = call.operands;
    if (more.length > 0 || (path === undefined) === (resumed === undefined))
      throw argumentsWrong('import', call.operands.length, usageOf(importCommand));
    checkOptions(call);
    return await withService(call, async service => {
      if (path === undefined) return await resumeImport(resumed ?? '', service, call);
      if (await isHistory(path, call)) {
        await importHistoryOf(path, service, call);
        return 0;
      }
      if (call.options.has('--branch')) throw optionUnused('--branch', 'only a git repository has branches');
      await ensureWiki(service, call);
      return await importFile(path, service, call);
    });
  },
};

/** A table, a folder or an archive is imported by a job; a repository or a bundle, which may lie at a URL, with its history. */
async function isHistory(path: string, { options }: Call): Promise<boolean> {
  if (isRepositoryUrl(path)) return true;
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw sourceMissing(path);
  if (!found.isDirectory()) return isBundle(await firstContent(path, 16));
  return !options.has('--as-folder') && (await findGitFolder(path)) !== undefined;
}

async function importHistoryOf(path: string, service: Service, call: Call): Promise<void> {
  keepHeapSmall();
  const { config, options, runtime, terminal, signal } = call;
  refuseRowFlags(options);
  const source = await findSource(path, false);
  if (source.kind === 'folder') throw sourceMissing(path);
  await askPlugins(source, service, call);
  const startMs = runtime.now();
  await ensureWiki(service, call);
  const progress = new Progress(terminal, runtime);
  const repository = await service.repository();
  const branch = options.get('--branch');
  const { retainPageNameCase } = config;
  try {
    const report = await importHistory({ source, repository, branch, retainPageNameCase, progress, signal });
    progress.end();
    printReport(report, source, runtime.now() - startMs, terminal);
  } finally {
    progress.end();
  }
}

/** What the plugins of a job's source are asked, of a history. @throws KittiwakeError `plugin_refused`, `plugin_failed`, `plugin_late` */
async function askPlugins(source: HistorySource, service: Service, call: Call): Promise<void> {
  const name = basename(source.path);
  const asked: JobSource =
    source.kind === 'url'
      ? { kind: 'url', url: source.url, name }
      : { kind: 'local', path: resolve(source.path), name, bytes: 0 };
  await importGuard(
    call.config,
    createLog(call),
    service.store,
  )?.({ source: asked, options: { format: 'git' } });
}

/** Flags that a history has no use for: its commits are taken as they are. */
const ROWS_ONLY = [
  ...['--overwrite', '--skip', '--into', '--attachments', '--hidden', '--author', '--message'],
  ...JOB_FLAGS.map(({ flag }) => flag),
];

function checkOptions(call: Call): void {
  const { options } = call;
  existingOf(call);
  if (options.has('--branch') && options.has('--as-folder'))
    throw optionsContradict('--branch', '--as-folder');
  attachmentsOf(call);
  authorOption(options);
}

function refuseRowFlags(options: ReadonlyMap<string, string>): void {
  const flag = ROWS_ONLY.find(each => options.has(each));
  if (flag !== undefined)
    throw optionUnused(flag, 'a history is taken as it is; --as-folder takes the files only');
}

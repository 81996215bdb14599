import { stat } from 'node:fs/promises';
import { sourceMissing } from '../import/errors.ts';
import { isBundle } from '../import/git/git-bundle.ts';
import { sourceName } from '../import/git/git-folder.ts';
import { firstContent } from '../import/git/gzip-file.ts';
import { importHistory } from '../import/git/import-history.ts';
import { importFolder } from '../import/import-folder.ts';
import type { ImportReport } from '../import/import-report.ts';
import { findSource, type ImportSource, isRepositoryUrl } from '../import/import-source.ts';
import type { Service } from '../lazy/app.ts';
import { authorOption } from './author-option.ts';
import { type Call, type Command, usageOf } from './command.ts';
import { argumentsWrong, optionInvalid, optionsContradict, optionUnused } from './errors.ts';
import { attachmentsOf, existingOf, intoOf, JOB_FLAGS } from './import-flags.ts';
import { importFile, resumeImport } from './import-job.ts';
import { printReport } from './import-summary.ts';
import { ensureWiki, withService } from './open-service.ts';
import { Progress } from './progress.ts';

/** Whom the commit of an imported folder names. */
const AUTHOR = { name: 'Kittiwake', email: 'kittiwake@localhost' };

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
      if (path === undefined) await resumeImport(resumed ?? '', service, call);
      else if (await isHistoryOrFolder(path)) await importTree(path, service, call);
      else {
        await ensureWiki(service, call);
        await importFile(path, service, call);
      }
      return 0;
    });
  },
};

/** A table or an archive is a file, and so is a bundle. A URL is that of a repository. */
async function isHistoryOrFolder(path: string): Promise<boolean> {
  if (isRepositoryUrl(path)) return true;
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw sourceMissing(path);
  return found.isDirectory() || isBundle(await firstContent(path, 16));
}

async function importTree(path: string, service: Service, call: Call): Promise<void> {
  const source = await findSource(path, call.options.get('--as-folder') === 'true');
  if (source.kind !== 'folder') refuseFolderFlags(call.options);
  else if (call.options.has('--branch')) throw optionUnused('--branch', 'a folder has no branches');
  const startMs = call.runtime.now();
  await ensureWiki(service, call);
  const progress = new Progress(call.terminal, call.runtime);
  try {
    const report = await bringIn(source, service, call, progress);
    progress.end();
    printReport(report, source, call.runtime.now() - startMs, call.terminal);
  } finally {
    progress.end();
  }
}

async function bringIn(
  source: ImportSource,
  service: Service,
  call: Call,
  progress: Progress,
): Promise<ImportReport> {
  const { config, options, signal } = call;
  const repository = await service.repository();
  if (source.kind !== 'folder') {
    const branch = options.get('--branch');
    return await importHistory({
      source,
      repository,
      branch,
      retainPageNameCase: config.retainPageNameCase,
      progress,
      signal,
    });
  }
  const name = sourceName(source.path);
  return await importFolder({
    folder: source.path,
    repository,
    existing: existingFiles(call),
    hidden: options.has('--hidden'),
    attachments: attachmentsOf(call),
    into: intoOf(options),
    retainPageNameCase: config.retainPageNameCase,
    maxFileBytes: config.maxBodyBytes,
    maxAttachmentBytes: config.maxUploadBytes,
    author: authorOption(options) ?? AUTHOR,
    message: (pages, files) =>
      options.get('--message') ?? `[import] ${name}: ${pages} pages, ${files} other files`,
    progress,
    signal,
  });
}

function existingFiles(call: Call): 'refuse' | 'overwrite' | 'skip' {
  const existing = existingOf(call);
  if (existing === 'merge')
    throw optionInvalid('--existing', existing, 'fail, skip or overwrite of a folder');
  return existing === 'fail' ? 'refuse' : existing;
}

/** Flags that a history has no use for: its commits are taken as they are. */
const FOLDER_ONLY = [
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

function refuseFolderFlags(options: ReadonlyMap<string, string>): void {
  const flag = FOLDER_ONLY.find(each => options.has(each));
  if (flag !== undefined)
    throw optionUnused(flag, 'a history is taken as it is; --as-folder takes the files only');
}

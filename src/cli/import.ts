import { sourceName } from '../import/git/git-folder.ts';
import { importHistory } from '../import/git/import-history.ts';
import { importFolder } from '../import/import-folder.ts';
import type { ImportReport } from '../import/import-report.ts';
import { findSource, type ImportSource } from '../import/import-source.ts';
import type { Service } from '../lazy/app.ts';
import { authorOption } from './author-option.ts';
import type { Call, Command } from './command.ts';
import { optionInvalid, optionsContradict, optionUnused } from './errors.ts';
import { printReport } from './import-summary.ts';
import { ensureWiki, withService } from './open-service.ts';
import { Progress } from './progress.ts';

/** Whom the commit of an imported folder names. */
const AUTHOR = { name: 'Kittiwake', email: 'kittiwake@localhost' };

export const importCommand: Command = {
  name: 'import',
  operands: ['<folder | git repository | bundle>'],
  summary: 'Brings pages in: a folder of Markdown as one commit, a git repository with its whole history',
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
  ],
  details: [
    'Markdown files become pages, named as the API names them. Of the other files, those in a folder with a page or in a',
    "page's own folder come along, and pictures, sound, film and PDF below. What is left out is listed with its reason.",
    'A repository needs an empty wiki, or one that it continues. Nothing is visible before the import is complete.',
  ].join('\n'),
  stopsItself: true,
  async run(call) {
    const path = call.operands[0] ?? '';
    checkOptions(call);
    const source = await findSource(path, call.options.get('--as-folder') === 'true');
    if (source.kind !== 'folder') refuseFolderFlags(call.options);
    else if (call.options.has('--branch')) throw optionUnused('--branch', 'a folder has no branches');
    const startMs = call.runtime.now();
    return await withService(call, async service => {
      await ensureWiki(service, call);
      const progress = new Progress(call.terminal, call.runtime);
      try {
        const report = await bringIn(source, service, call, progress);
        progress.end();
        printReport(report, source, call.runtime.now() - startMs, call.terminal);
      } finally {
        progress.end();
      }
      return 0;
    });
  },
};

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
    existing: options.has('--overwrite') ? 'overwrite' : options.has('--skip') ? 'skip' : 'refuse',
    hidden: options.has('--hidden'),
    attachments: attachmentsOf(call),
    into: (options.get('--into') ?? '').replace(/^\/+|\/+$/g, ''),
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

/** Flags that a history has no use for: its commits are taken as they are. */
const FOLDER_ONLY = ['--overwrite', '--skip', '--into', '--attachments', '--hidden', '--author', '--message'];

function checkOptions(call: Call): void {
  const { options } = call;
  if (options.has('--overwrite') && options.has('--skip')) throw optionsContradict('--overwrite', '--skip');
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

function attachmentsOf({ options }: Call): 'beside' | 'all' | 'none' {
  const text = options.get('--attachments') ?? 'beside';
  if (text === 'beside' || text === 'all' || text === 'none') return text;
  throw optionInvalid('--attachments', text, 'beside, all or none');
}

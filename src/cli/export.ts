import type { Service } from '../lazy/app.ts';
import { createUpkeep, type Upkeep } from '../lazy/upkeep.ts';
import { staticFiles } from '../projection/site/static-files.ts';
import { type Call, type Command, usageOf } from './command.ts';
import { argumentsWrong, optionsContradict, optionUnused } from './errors.ts';
import { exportFile, type FileTarget, fileTarget } from './export-file.ts';
import { counted } from './import-summary.ts';
import { withService } from './open-service.ts';
import { Progress } from './progress.ts';
import { keepHeapSmall } from './small-heap.ts';
import { writeTarget } from './write-target.ts';

export const exportCommand: Command = {
  name: 'export',
  operands: ['<folder | name.git | name.zip | name.ndjson | name.bundle>'],
  takesMany: true,
  summary:
    'Writes the wiki out, as the name ends: a bare git repository, a ZIP, lines of JSON, else its files',
  flags: [
    { flag: '--bare', description: 'Write a bare git repository, whatever the name' },
    { flag: '--files', description: 'Write the files, whatever the name' },
    { flag: '--site', description: 'Write the published site, for any host of static files' },
    { flag: '--zip', placeholder: 'FILE', description: 'Write pages and attachments into one archive' },
    { flag: '--ndjson', placeholder: 'FILE', description: 'Write one page a line, as JSON' },
    { flag: '--bundle', placeholder: 'FILE', description: 'Write everything with its history, for git' },
    { flag: '--attachments', description: 'With --ndjson: other files too, in base64' },
    { flag: '--prefix', placeholder: 'PATH', description: 'Of a file: this page and all below it only' },
    { flag: '--resume', description: 'Go on with a file whose export was broken off' },
  ],
  details: [
    'The target must not exist or be an empty folder. It appears when it is complete. A file grows as FILE.partial, and what was broken',
    'off is gone on with by --resume, at the same commit; - is the standard output.',
  ].join('\n'),
  stopsItself: true,
  async run(call) {
    const file = checkedTarget(call);
    const target = call.operands[0] ?? '';
    const bare = isBare(call, target);
    keepHeapSmall();
    return await withService(call, async service => {
      if (file !== undefined) return await exportFile(service, call, file);
      if (call.options.has('--site')) return await exportSite(service, call, target);
      const upkeep = createUpkeep(service.repository);
      const progress = new Progress(call.terminal, call.runtime);
      progress.phase('writing', 'files', 0);
      try {
        const left: string[] = [];
        const files = bare ? upkeep.exportBare() : plainFiles(upkeep, left);
        const folders = bare ? ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags'] : [];
        const options = { folders, random: call.runtime, progress, signal: call.signal };
        const { count, bytes } = await writeTarget(target, files, options);
        progress.end();
        for (const line of left) call.terminal.say(line);
        const what = bare ? `a bare repository of ${counted(count, 'file')}` : counted(count, 'file');
        call.terminal.out(`Exported ${what}, ${(bytes / 1e6).toFixed(1)} MB, to ${target}`);
      } finally {
        progress.end();
      }
      return 0;
    });
  },
};

const FILE_ONLY = ['--attachments', '--prefix', '--resume'];
const FOLDER_ONLY = ['--bare', '--files', '--site'];

/** The file that is to be written; undefined: it is a folder. @throws KittiwakeError `usage` */
function checkedTarget(call: Call): FileTarget | undefined {
  const { options, operands } = call;
  const file = fileTarget(call);
  const named = ['--zip', '--ndjson', '--bundle'].filter(flag => options.has(flag));
  if (named[0] !== undefined && named[1] !== undefined) throw optionsContradict(named[0], named[1]);
  const other = FOLDER_ONLY.find(flag => options.has(flag));
  if (named[0] !== undefined && other !== undefined) throw optionsContradict(named[0], other);
  const wanted = named.length === 0 ? 1 : 0;
  if (operands.length !== wanted) throw argumentsWrong('export', operands.length, usageOf(exportCommand));
  const unused = FILE_ONLY.find(flag => options.has(flag));
  if (file === undefined && unused !== undefined)
    throw optionUnused(unused, 'it is for an export into one file: --zip or --ndjson');
  return file;
}

/** What is published by now: `kittiwake project run` publishes what is not. */
async function exportSite(service: Service, call: Call, target: string): Promise<number> {
  const other = ['--bare', '--files'].find(flag => call.options.has(flag));
  if (other !== undefined) throw optionsContradict('--site', other);
  const { terminal, runtime, signal } = call;
  const left: string[] = [];
  const progress = new Progress(terminal, runtime);
  progress.phase('writing', 'files', 0);
  try {
    const files = staticFiles(await service.store(), await service.wikiId(), left);
    const { count, bytes } = await writeTarget(target, files, {
      folders: [],
      random: runtime,
      progress,
      signal,
    });
    progress.end();
    for (const page of left)
      terminal.say(`left out: ${JSON.stringify(page)} (a name that hosts of files use)`);
    if (count === 0) terminal.say('warning: nothing is published: "kittiwake project run" does that');
    terminal.out(
      `Exported the site, ${counted(count, 'file')}, ${(bytes / 1e6).toFixed(1)} MB, to ${target}`,
    );
  } finally {
    progress.end();
  }
  return 0;
}

function isBare({ options }: Call, target: string): boolean {
  if (options.has('--bare') && options.has('--files')) throw optionsContradict('--bare', '--files');
  return options.has('--bare') || (!options.has('--files') && /\.git\/*$/.test(target));
}

const LINK = 0o120000;
const SUBMODULE = 0o160000;

/** Without links, which could lead out of the folder, and submodules, which have no content here. */
async function* plainFiles(upkeep: Upkeep, left: string[]) {
  for await (const file of upkeep.exportFiles()) {
    if (file.mode === LINK) left.push(`left out: ${JSON.stringify(file.path)} (a link)`);
    else if (file.mode === SUBMODULE) left.push(`left out: ${JSON.stringify(file.path)} (a submodule)`);
    else yield file;
  }
}

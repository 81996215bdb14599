import type { Copied } from '../backup/back-up.ts';
import { type BackupOptions, describeBackup, makeBackup, restoreBackup } from '../lazy/backup.ts';
import type { Call, Command } from './command.ts';
import { counted } from './import-summary.ts';
import { withService } from './open-service.ts';
import { Progress } from './progress.ts';

export const backupCreate: Command = {
  name: 'backup create',
  operands: ['<folder>'],
  summary: 'Copies the wiki whole into a folder: history, policy, tokens, drafts, users and audit log',
  flags: [],
  details: [
    'Writers go on meanwhile. Run again into the same folder, it copies what is new and removes what is gone. A run that is broken',
    'off leaves the backup before it. The folder is a data folder: "kittiwake doctor --data FOLDER" verifies it, and',
    '"kittiwake serve --data FOLDER" serves it. It holds hashes of passwords and tokens: guard it like the wiki itself.',
  ].join('\n'),
  stopsItself: true,
  async run(call) {
    const folder = call.operands[0] ?? '';
    const { wiki } = call.config;
    const uuid = await withService(call, service => service.wikiId());
    const copied = await copyBetween(named(call, uuid), inFolder(call, folder, uuid), wiki, makeBackup);
    call.terminal.out(`Backed up ${summaryOf(copied)} to ${folder}`);
    return 0;
  },
};

export const backupRestore: Command = {
  name: 'backup restore',
  operands: ['<folder>'],
  summary: 'Brings a wiki back out of such a folder, into a store that has no wiki of its name',
  flags: [],
  details: [
    'The wiki keeps its identity: its tokens and presigned addresses go on working. It is found under its name when all of it is',
    'there; a run that is broken off can be run again. The search index is made anew.',
  ].join('\n'),
  stopsItself: true,
  async run(call) {
    const folder = call.operands[0] ?? '';
    const { wiki } = call.config;
    const { uuid, endedMs } = await withService(inFolder(call, folder, wiki), service =>
      describeBackup(service, wiki),
    );
    await withService(call, service => service.probe());
    const copied = await copyBetween(inFolder(call, folder, uuid), named(call, uuid), wiki, restoreBackup);
    await withService(named(call, uuid), async service => (await service.users()).finish());
    call.terminal.out(`Restored ${summaryOf(copied)}, as it was at ${new Date(endedMs).toISOString()}`);
    return 0;
  },
};

/** The same call for the wiki of that name or uuid. */
function named(call: Call, wiki: string): Call {
  return { ...call, config: { ...call.config, wiki } };
}

/** The same call for a folder. Its database is a file there. */
function inFolder(call: Call, folder: string, wiki: string): Call {
  const store = { kind: 'file' as const, folder };
  const { databaseUrl: _, ...secrets } = call.secrets;
  return { ...call, config: { ...call.config, store, data: folder, wiki }, secrets };
}

async function copyBetween(
  source: Call,
  target: Call,
  wiki: string,
  copy: (options: BackupOptions) => Promise<Copied>,
): Promise<Copied> {
  const { runtime, signal, terminal } = source;
  const progress = new Progress(terminal, runtime);
  progress.phase('copying', 'objects', 0);
  const advance = () => progress.advance(1);
  try {
    return await withService(source, from =>
      withService(target, to => copy({ from, to, wiki, runtime, signal, advance })),
    );
  } finally {
    progress.end();
  }
}

function summaryOf({ manifest, objects, bytes }: Copied): string {
  const { wiki, head, rows } = manifest;
  const at = head === null ? 'which has no commit' : `at ${head}`;
  const what = [counted(objects, 'object'), `${(bytes / 1e6).toFixed(1)} MB of packs`, counted(rows, 'row')];
  return `the wiki "${wiki}", ${at} (copied: ${what.join(', ')})`;
}

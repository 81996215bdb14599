import { isKittiwakeError } from '../core/errors.ts';
import { createRestoring, findLostId, nameAgain, type Plan, type Restoring } from '../lazy/restoring.ts';
import type { Call, Command } from './command.ts';
import { optionInvalid, optionsContradict, optionUnused, versionNotBefore } from './errors.ts';
import { counted } from './import-summary.ts';
import { withService } from './open-service.ts';
import { nameLine, planLines, undoneLines, versionLines } from './restore-report.ts';
import type { Terminal } from './terminal.ts';

/** Versions that are listed unless said otherwise. */
const LISTED = 20;

export const restore: Command = {
  name: 'restore',
  operands: [],
  summary: 'Lists the older versions of the wiki that the store keeps, and goes back to one of them',
  flags: [
    { flag: '--list', description: `List versions, newest first (default); ${LISTED} of them` },
    { flag: '--version', placeholder: 'ID', description: 'The version to go back to' },
    {
      flag: '--before',
      placeholder: 'TIME',
      description: 'The newest version stored before then; with --list: those stored before then',
    },
    { flag: '--apply', description: 'Do it; without this flag it is only told what would be done' },
  ],
  details: [
    'A bucket keeps older versions when versioning is enabled; a folder keeps the newest four writes. Packs that were',
    'deleted come back first, from their own older versions. Works also when the ledger was deleted or overwritten. A',
    'restore is a write like any other: it deletes nothing, servers go on, and the state before it can be restored again.',
    'TIME is as in 2026-11-21T15:00:00Z.',
  ].join('\n'),
  async run(call) {
    const wanted = readWish(call);
    const { wiki } = call.config;
    const lost = await withService(call, async service => findLostId(await service.store(), wiki));
    const named = lost === undefined ? call : { ...call, config: { ...call.config, wiki: lost } };
    return await withService(named, async service => {
      const restoring = createRestoring(service.repository);
      if (wanted.kind === 'list') return await list(restoring, wanted.beforeMs, call.terminal);
      const id = wanted.id ?? (await idBefore(restoring, wanted.beforeMs ?? 0));
      const plan = await planOf(restoring, id, lost !== undefined);
      if (plan === undefined) {
        if (wanted.apply) await nameAgain(await service.store(), wiki, lost ?? '');
        call.terminal.out(nameLine(wiki, wanted.apply));
        return 0;
      }
      for (const line of planLines(plan)) call.terminal.out(line);
      if (plan.details.gone.length > 0) return 1;
      if (!wanted.apply) {
        call.terminal.out('Nothing was changed: --apply does it');
        return 0;
      }
      await service.probe();
      await carryOut(restoring, plan, call.terminal);
      if (lost !== undefined) await nameAgain(await service.store(), wiki, lost);
      return 0;
    });
  },
};

/** Undefined: the version is the newest one, and the wiki lacks nothing but its name. */
async function planOf(restoring: Restoring, id: string, isNameless: boolean): Promise<Plan | undefined> {
  try {
    return await restoring.plan(id);
  } catch (error) {
    if (isNameless && isKittiwakeError(error, 'restore_needless')) return undefined;
    throw error;
  }
}

type Wish =
  | { kind: 'list'; beforeMs: number | undefined }
  | { kind: 'restore'; id: string | undefined; beforeMs: number | undefined; apply: boolean };

function readWish({ options }: Call): Wish {
  const [id, apply] = [options.get('--version'), options.get('--apply') === 'true'];
  const beforeMs = timeOf(options.get('--before'));
  if (id !== undefined && beforeMs !== undefined) throw optionsContradict('--version', '--before');
  const isList = options.get('--list') === 'true';
  if (isList && id !== undefined) throw optionsContradict('--list', '--version');
  if (isList && apply) throw optionsContradict('--list', '--apply');
  if (!isList && (id !== undefined || beforeMs !== undefined))
    return { kind: 'restore', id, beforeMs, apply };
  if (apply) throw optionUnused('--apply', 'it needs --version or --before');
  return { kind: 'list', beforeMs };
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw optionInvalid('--before', text, 'a time such as 2026-11-21T15:00:00Z');
  return ms;
}

async function list(restoring: Restoring, beforeMs: number | undefined, terminal: Terminal): Promise<number> {
  const versions = await Array.fromAsync(restoring.list({ limit: LISTED, beforeMs }));
  for (const line of versionLines(versions)) terminal.out(line);
  return 0;
}

/** The newest version before a time that can be read. */
async function idBefore(restoring: Restoring, beforeMs: number): Promise<string> {
  for await (const { id, content } of restoring.list({ limit: LISTED, beforeMs })) {
    if (content) return id;
  }
  throw versionNotBefore(new Date(beforeMs).toISOString());
}

async function carryOut(restoring: Restoring, plan: Plan, terminal: Terminal): Promise<void> {
  const { files, undone } = await restoring.restore(plan);
  const stored = files === 0 ? '' : `; ${counted(files, 'file')} stored again`;
  terminal.out(`Restored: the wiki is at ${plan.to.head ?? 'its beginning'}${stored}`);
  for (const line of undoneLines(undone)) terminal.out(line);
  terminal.out('"kittiwake doctor" verifies all of it');
}

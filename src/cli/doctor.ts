import { createUpkeep, type Upkeep } from '../lazy/upkeep.ts';
import type { Command } from './command.ts';
import { withService } from './open-service.ts';
import type { Terminal } from './terminal.ts';

type Examination = Awaited<ReturnType<Upkeep['examine']>>;

export const doctor: Command = {
  name: 'doctor',
  operands: [],
  summary: 'Verifies every object, reference and map row; says exactly what is wrong',
  flags: [{ flag: '--repair', description: 'Makes maps that are damaged anew from the packs' }],
  details:
    'Changes nothing without --repair, which needs sound packs and touches neither them nor the history. Exit code 0: sound; 1: something is wrong.',
  async run(call) {
    return await withService(call, async service => {
      const upkeep = createUpkeep(service.repository);
      const examination = await upkeep.examine();
      show(examination, call.terminal);
      if (!examination.repairable) return exitCode(examination);
      if (call.options.get('--repair') !== 'true') {
        call.terminal.out(
          'Only maps are damaged: "kittiwake doctor --repair" makes them anew from the packs',
        );
        return 1;
      }
      return await repair(upkeep, call.terminal);
    });
  },
};

/** Makes the maps anew and looks again. */
async function repair(upkeep: Upkeep, terminal: Terminal): Promise<number> {
  const made = await upkeep.rewriteMaps();
  if (made === undefined) {
    terminal.out('Repaired nothing: the packs changed meanwhile; try again');
    return 1;
  }
  const { replaced, pack, commits, bytes } = made;
  terminal.out(
    `Repaired: one map of ${commits} commits, ${bytes} bytes beside "${pack}", in place of ${replaced.length} maps`,
  );
  const after = await upkeep.examine();
  show(after, terminal);
  return exitCode(after);
}

function show({ findings, counts }: Examination, terminal: Terminal): void {
  for (const { severity, code, message } of findings) {
    terminal.out(`${severity === 'error' ? 'WRONG' : 'note '}  ${message} (${code})`);
  }
  const { commits, files, objects, packs, journalEntries } = counts;
  terminal.out(
    `${commits} commits, ${files} files, ${objects} objects in ${packs} packs, ${journalEntries} commits in the journal`,
  );
  const wrong = errorsOf(findings).length;
  terminal.out(wrong === 0 ? 'Sound' : `${wrong} things are wrong`);
}

function exitCode({ findings }: Examination): number {
  return errorsOf(findings).length === 0 ? 0 : 1;
}

function errorsOf(findings: Examination['findings']): Examination['findings'] {
  return findings.filter(({ severity }) => severity === 'error');
}

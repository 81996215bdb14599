import { createUpkeep } from '../lazy/upkeep.ts';
import type { Command } from './command.ts';
import { withService } from './open-service.ts';

export const doctor: Command = {
  name: 'doctor',
  operands: [],
  summary: 'Verifies every object, reference and map row; says exactly what is wrong',
  flags: [],
  details: 'Changes nothing. Exit code 0: sound; 1: something is wrong.',
  async run(call) {
    return await withService(call, async service => {
      const { findings, counts } = await createUpkeep(service.repository).examine();
      for (const { severity, code, message } of findings) {
        call.terminal.out(`${severity === 'error' ? 'WRONG' : 'note '}  ${message} (${code})`);
      }
      const { commits, files, objects, packs, journalEntries } = counts;
      call.terminal.out(
        `${commits} commits, ${files} files, ${objects} objects in ${packs} packs, ${journalEntries} commits in the journal`,
      );
      const wrong = findings.filter(finding => finding.severity === 'error').length;
      call.terminal.out(wrong === 0 ? 'Sound' : `${wrong} things are wrong`);
      return wrong === 0 ? 0 : 1;
    });
  },
};

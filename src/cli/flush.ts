import { createUpkeep } from '../lazy/upkeep.ts';
import type { Command } from './command.ts';
import { withService } from './open-service.ts';

export const flush: Command = {
  name: 'flush',
  operands: [],
  summary: 'Moves the newest commits from the ledger into a pack',
  flags: [],
  async run(call) {
    return await withService(call, async service => {
      const commits = await createUpkeep(service.repository).flush();
      call.terminal.out(commits === 0 ? 'Nothing to flush' : `Flushed ${commits} commits into a pack`);
      return 0;
    });
  },
};

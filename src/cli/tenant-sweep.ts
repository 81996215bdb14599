import type { Command } from './command.ts';
import { COMMAND_LINE } from './command-line.ts';
import { withService } from './open-service.ts';

export const tenantSweep: Command = {
  name: 'tenant sweep',
  operands: [],
  summary: 'Removes the deleted wikis whose grace is over, for good',
  flags: [],
  details: 'What was interrupted is completed by the same command. Functions do the same on their schedule.',
  async run(call) {
    return await withService(call, async service => {
      const admin = (await service.tenants())(COMMAND_LINE.id);
      let count = 0;
      for await (const { name, uuid, objects } of admin.sweep()) {
        call.signal.throwIfAborted();
        call.terminal.out(`Removed the wiki "${name}", ${uuid}: ${objects} objects`);
        count += 1;
      }
      if (count === 0) call.terminal.out('No wiki is to be removed');
      return 0;
    });
  },
};

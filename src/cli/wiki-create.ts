import type { Command } from './command.ts';
import { withService } from './open-service.ts';

export const wikiCreate: Command = {
  name: 'wiki create',
  operands: [],
  summary: 'Creates the empty wiki that --wiki names',
  flags: [],
  async run(call) {
    return await withService(call, async service => {
      const uuid = await service.createWiki();
      call.terminal.out(`Created the wiki "${call.config.wiki}" in ${call.config.store.folder}: ${uuid}`);
      return 0;
    });
  },
};

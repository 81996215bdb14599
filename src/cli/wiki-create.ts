import { storeName } from '../core/settings.ts';
import type { Command } from './command.ts';
import { withService } from './open-service.ts';

export const wikiCreate: Command = {
  name: 'wiki create',
  operands: [],
  summary: 'Creates the empty wiki that --wiki names',
  flags: [],
  async run(call) {
    return await withService(call, async service => {
      await service.probe();
      const uuid = await service.createWiki();
      call.terminal.out(`Created the wiki "${call.config.wiki}" in ${storeName(call.config.store)}: ${uuid}`);
      return 0;
    });
  },
};

import { storeName } from '../core/store-setting.ts';
import type { Command } from './command.ts';
import { bearWiki, withService } from './open-service.ts';

export const wikiCreate: Command = {
  name: 'wiki create',
  operands: [],
  summary: 'Creates the empty wiki that --wiki names',
  flags: [],
  async run(call) {
    return await withService(call, async service => {
      const uuid = await bearWiki(service, call);
      call.terminal.out(`Created the wiki "${call.config.wiki}" in ${storeName(call.config.store)}: ${uuid}`);
      return 0;
    });
  },
};

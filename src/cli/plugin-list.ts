import type { Command } from './command.ts';
import { withService } from './open-service.ts';

export const pluginList: Command = {
  name: 'plugin list',
  operands: [],
  summary: 'Loads the plugins of KITTIWAKE_PLUGINS as a server would, and lists them with their hooks',
  flags: [{ flag: '--json', description: 'One JSON object a line' }],
  async run(call) {
    const { options, terminal } = call;
    return await withService(call, async service => {
      const list = await service.plugins();
      if (list.length === 0 && !options.has('--json')) terminal.out('No plugins');
      for (const { name, version, source, hooks: used } of list) {
        const hooks = used.map(({ hook }) => hook);
        const line = [name, version, source, hooks.join(',')].join('\t');
        terminal.out(options.has('--json') ? JSON.stringify({ name, version, source, hooks }) : line);
      }
      return 0;
    });
  },
};

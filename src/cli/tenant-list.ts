import type { Command } from './command.ts';
import { COMMAND_LINE } from './command-line.ts';
import { withService } from './open-service.ts';
import { tenantLine, tenantLines } from './tenant-report.ts';

const JSON_FLAG = { flag: '--json', description: 'One JSON object a line, with times in milliseconds' };

export const tenantList: Command = {
  name: 'tenant list',
  operands: [],
  summary: 'Lists the wikis of the store: name, state, uuid, owner, note',
  flags: [JSON_FLAG],
  async run(call) {
    const { options, terminal } = call;
    return await withService(call, async service => {
      const admin = (await service.tenants())(COMMAND_LINE.id);
      let after: string | undefined;
      do {
        const { tenants, next } = await admin.list({ after, limit: 100 });
        for (const tenant of tenants) {
          terminal.out(options.has('--json') ? JSON.stringify(tenant) : tenantLine(tenant));
        }
        after = next;
      } while (after !== undefined);
      return 0;
    });
  },
};

export const tenantShow: Command = {
  name: 'tenant show',
  operands: ['<name>'],
  summary: 'Tells of a wiki: its state, how much it holds and may hold',
  flags: [JSON_FLAG],
  async run(call) {
    const { options, operands, terminal } = call;
    return await withService(call, async service => {
      const { tenant, usage } = await (await service.tenants())(COMMAND_LINE.id).show(operands[0] ?? '');
      if (options.has('--json')) terminal.out(JSON.stringify({ ...tenant, ...(usage ? { usage } : {}) }));
      else for (const line of tenantLines(tenant, usage)) terminal.out(line);
      return 0;
    });
  },
};

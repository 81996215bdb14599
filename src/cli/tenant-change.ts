import type { FlagSpec } from '../core/flags.ts';
import type { AdminOfTenants } from '../lazy/tenant-admin.ts';
import type { Call, Command } from './command.ts';
import { COMMAND_LINE } from './command-line.ts';
import { optionInvalid, optionMissing } from './errors.ts';
import { withService } from './open-service.ts';
import { LIMIT_FLAGS, limitsOf } from './tenant-create.ts';
import { tenantLine } from './tenant-report.ts';

type Admin = ReturnType<AdminOfTenants>;
type Changed = Awaited<ReturnType<Admin['change']>>;

const DAY_MS = 24 * 3600 * 1000;

export const tenantSuspend = command('suspend', {
  summary: 'Serves a wiki no more until it is resumed',
  work: (admin, name) => admin.change(name, { state: 'suspended' }),
});

export const tenantResume = command('resume', {
  summary: 'Serves a suspended wiki again',
  work: (admin, name) => admin.change(name, { state: 'active' }),
});

export const tenantLimit = command('limit', {
  summary: 'Changes what a wiki may hold',
  flags: LIMIT_FLAGS,
  work: (admin, name, call) => {
    const limits = limitsOf(call);
    if (limits === undefined)
      throw optionMissing('--max-pages', 'the most pages, or --max-size the most bytes');
    return admin.change(name, { limits });
  },
});

export const tenantDelete = command('delete', {
  summary: 'Serves a wiki no more, and lets it be removed when its grace is over',
  flags: [
    { flag: '--grace-days', placeholder: 'NUMBER', description: 'Days of grace (default: as configured)' },
  ],
  work: (admin, name, call) => {
    const text = call.options.get('--grace-days');
    if (text === undefined) return admin.remove(name);
    if (!/^\d{1,4}$/.test(text)) throw optionInvalid('--grace-days', text, 'a whole number up to 9999');
    return admin.remove(name, { graceMs: Number(text) * DAY_MS });
  },
});

export const tenantUndelete = command('undelete', {
  summary: 'Takes the deletion of a wiki back',
  work: (admin, name) => admin.undelete(name),
});

interface Change {
  summary: string;
  flags?: readonly FlagSpec[];
  work(admin: Admin, name: string, call: Call): Promise<Changed>;
}

/** A command that changes one wiki, and says what it is then. Again does nothing. */
function command(verb: string, { summary, flags = [], work }: Change): Command {
  return {
    name: `tenant ${verb}`,
    operands: ['<name>'],
    summary,
    flags,
    async run(call) {
      return await withService(call, async service => {
        const admin = (await service.tenants())(COMMAND_LINE.id);
        call.terminal.out(tenantLine(await work(admin, call.operands[0] ?? '', call)));
        return 0;
      });
    },
  };
}

import type { Call, Command } from './command.ts';
import { COMMAND_LINE } from './command-line.ts';
import { optionMissing } from './errors.ts';
import { withService } from './open-service.ts';

const RIGHTS = ['read', 'write', 'upload', 'admin'] as const;

const whom = (right: string, description: string) => ({
  flag: `--${right}`,
  placeholder: 'WHOM',
  description,
});

export const ruleSet: Command = {
  name: 'rule set',
  operands: ['<path>'],
  summary: 'Says who may do what at a page and everything below it; / is the whole wiki',
  flags: [
    whom('read', 'Who may read, with commas between; nobody: administrators alone'),
    whom('write', 'Who may write, of those who may read'),
    whom('upload', 'Who may attach files, of those who may write'),
    whom('admin', 'Who may change the rules there'),
  ],
  details:
    'WHOM: ANONYMOUS, REGISTERED, APPROVED, ADMIN, user:E-MAIL, group:NAME, token:ID. It replaces the rule of that path; a right that is not named stays as it is above.',
  async run(call) {
    const fields = subjectsOf(call);
    return await withService(call, async service => {
      const policy = await service.policies.administrationAs(COMMAND_LINE);
      await policy.putRule(pathOf(call), fields);
      call.terminal.say(`The rule of "/${pathOf(call)}" holds from now on`);
      return 0;
    });
  },
};

export const ruleRemove: Command = {
  name: 'rule remove',
  operands: ['<path>'],
  summary: 'Removes the rule of a path; / is the whole wiki',
  flags: [],
  async run(call) {
    return await withService(call, async service => {
      const policy = await service.policies.administrationAs(COMMAND_LINE);
      await policy.deleteRule(pathOf(call));
      call.terminal.say(`There is no rule of "/${pathOf(call)}" any more`);
      return 0;
    });
  },
};

export const ruleList: Command = {
  name: 'rule list',
  operands: [],
  summary: 'Lists the rules of the wiki',
  flags: [{ flag: '--json', description: 'One JSON object a line' }],
  async run(call) {
    const { options, terminal } = call;
    return await withService(call, async service => {
      const { rules } = await (await service.policies.administrationAs(COMMAND_LINE)).read();
      for (const rule of rules) terminal.out(options.has('--json') ? JSON.stringify(rule) : line(rule));
      return 0;
    });
  },
};

type Subjects = { readonly [R in (typeof RIGHTS)[number]]?: readonly string[] };

function line({ path, ...rights }: { readonly path: string } & Subjects): string {
  const named = RIGHTS.flatMap(right => {
    const subjects = rights[right];
    return subjects === undefined ? [] : [`${right}: ${subjects.join(', ') || 'nobody'}`];
  });
  return [`/${path}`, ...named].join('\t');
}

function subjectsOf({ options }: Call): Subjects {
  const named = RIGHTS.flatMap(right => {
    const text = options.get(`--${right}`);
    return text === undefined ? [] : [[right, wordsOf(text)] as const];
  });
  if (named.length === 0) throw optionMissing('--read', 'whom the rule means, or another right');
  return Object.fromEntries(named);
}

function wordsOf(text: string): readonly string[] {
  return text === 'nobody' ? [] : text.split(',').map(word => word.trim());
}

function pathOf({ operands }: Call): string {
  return (operands[0] ?? '').replace(/^\/+/, '');
}

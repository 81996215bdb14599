import { authorOption } from './author-option.ts';
import type { Call, Command } from './command.ts';
import { COMMAND_LINE } from './command-line.ts';
import { optionInvalid, optionMissing } from './errors.ts';
import { withService } from './open-service.ts';

const RIGHTS = ['read', 'write', 'upload', 'admin'] as const;
const DAY_MS = 24 * 3600 * 1000;

export const tokenCreate: Command = {
  name: 'token create',
  operands: ['<name>'],
  summary: 'Makes a token for a program, and prints it this once',
  flags: [
    {
      flag: '--rights',
      placeholder: 'RIGHTS',
      description: 'read, write, upload, admin: one or more with commas between',
    },
    { flag: '--prefix', placeholder: 'PATH', description: 'Only this page and what is below it' },
    {
      flag: '--days',
      placeholder: 'NUMBER',
      description: 'After so many days it is refused (default: never)',
    },
    { flag: '--author', placeholder: 'WHO', description: 'Whom its commits name: "Name <address>"' },
    { flag: '--all-wikis', description: 'For all wikis of the store, not for the one of --wiki' },
  ],
  details:
    'write brings read, upload brings both, admin brings all. Rules of the wiki bind it, unless it has the right admin.',
  async run(call) {
    const { options, operands, runtime, terminal } = call;
    const days = daysOf(call);
    const wish = {
      name: operands[0] ?? '',
      rights: rightsOf(call),
      prefix: options.get('--prefix'),
      expiresMs: days === undefined ? undefined : runtime.now() + days * DAY_MS,
      author: authorOption(options),
      allWikis: options.get('--all-wikis') === 'true',
    };
    return await withService(call, async service => {
      const { text, info } = await (await service.tokens()).as(COMMAND_LINE).create(wish);
      terminal.say(`Token ${info.id} may ${info.rights.join(', ')}; it is shown this once:`);
      terminal.out(text);
      return 0;
    });
  },
};

function rightsOf({ options }: Call): (typeof RIGHTS)[number][] {
  const text = options.get('--rights');
  const wanted = `of ${RIGHTS.join(', ')}, with commas between`;
  if (text === undefined) throw optionMissing('--rights', wanted);
  const words = text.split(',').map(word => word.trim());
  const rights = RIGHTS.filter(right => words.includes(right));
  if (rights.length !== new Set(words).size) throw optionInvalid('--rights', text, wanted);
  return rights;
}

function daysOf({ options }: Call): number | undefined {
  const text = options.get('--days');
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,4}$/.test(text)) throw optionInvalid('--days', text, 'a whole number from 1 to 99999');
  return Number(text);
}

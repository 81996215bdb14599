import { parseByteSize } from '../core/setting-value.ts';
import type { Call, Command } from './command.ts';
import { COMMAND_LINE } from './command-line.ts';
import { optionInvalid } from './errors.ts';
import { withService } from './open-service.ts';

/** Flags of what a wiki may hold. */
export const LIMIT_FLAGS = [
  { flag: '--max-pages', placeholder: 'NUMBER', description: 'Most pages; 0: no limit' },
  {
    flag: '--max-size',
    placeholder: 'SIZE',
    description: 'Most that it takes in the store, for example 50MiB; 0: no limit',
  },
] as const;

export const tenantCreate: Command = {
  name: 'tenant create',
  operands: ['<name>'],
  summary: 'Makes an empty wiki among others in one store',
  flags: [
    ...LIMIT_FLAGS,
    { flag: '--owner', placeholder: 'TEXT', description: 'Whom it belongs to, for operators' },
    { flag: '--note', placeholder: 'TEXT', description: 'For operators' },
    { flag: '--token', description: 'Makes a token that administers the wiki, and prints it this once' },
  ],
  details:
    'The name is what stands in host names or paths. What was interrupted is completed by the same command.',
  async run(call) {
    const { options, operands, terminal } = call;
    const wish = {
      name: operands[0] ?? '',
      owner: options.get('--owner'),
      note: options.get('--note'),
      limits: limitsOf(call),
      withToken: options.get('--token') === 'true',
    };
    return await withService(call, async service => {
      await service.probe();
      const { tenant, token } = await (await service.tenants())(COMMAND_LINE.id).create(wish);
      terminal.say(`Created the wiki "${tenant.name}": ${tenant.uuid}`);
      if (token !== undefined) terminal.out(token);
      return 0;
    });
  },
};

/** Undefined: none is given. */
export function limitsOf({ options }: Call): { pages?: number; bytes?: number } | undefined {
  const [pages, bytes] = [options.get('--max-pages'), options.get('--max-size')];
  if (pages === undefined && bytes === undefined) return undefined;
  return {
    ...(pages === undefined ? {} : { pages: wholeOf('--max-pages', pages) }),
    ...(bytes === undefined ? {} : { bytes: sizeOf('--max-size', bytes) }),
  };
}

function wholeOf(flag: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw optionInvalid(flag, text, 'a whole number, 0 for no limit');
  return Number(text);
}

function sizeOf(flag: string, text: string): number {
  const bytes = parseByteSize(0, 1024 ** 5)(text);
  if (bytes === undefined) throw optionInvalid(flag, text, 'a size, for example 50MiB, 0 for no limit');
  return bytes;
}

import type { FlagSpec } from '../core/flags.ts';
import type { Service } from '../lazy/app.ts';
import type { Call } from './command.ts';
import { COMMAND_LINE } from './command-line.ts';
import { optionInvalid, optionsContradict } from './errors.ts';
import { readSecret } from './read-secret.ts';
import type { Terminal } from './terminal.ts';

type Administration = ReturnType<Awaited<ReturnType<Service['users']>>['administeredBy']>;

export type ListedUser = Awaited<ReturnType<Administration['read']>>;

type PasswordWish = Parameters<Administration['setPassword']>[1];

const FLAGS = ['read', 'write', 'upload'] as const;

export const RIGHTS_FLAGS: readonly FlagSpec[] = [
  { flag: '--admin', description: 'Administers the wiki; --no-admin takes that away' },
  {
    flag: '--approved',
    description: 'Counts as APPROVED, which is the default; with --no-approved as REGISTERED',
  },
  {
    flag: '--allow',
    placeholder: 'RIGHTS',
    description:
      'read, write, upload: rights beyond what the wiki is open for, with commas between; "none" for none',
  },
];

export const PASSWORD_FLAGS: readonly FlagSpec[] = [
  { flag: '--generate', description: 'Makes a password and prints it this once' },
  { flag: '--hash', description: 'Reads what Otterwiki or Kittiwake made of the password, in its place' },
];

/** The users of the wiki for whoever may run commands. */
export async function administration(service: Service): Promise<Administration> {
  return (await service.users()).administeredBy(COMMAND_LINE);
}

/** The user that an operand names: by address, or by id. @throws KittiwakeError `user_not_found` */
export async function findUser(users: Administration, operand = ''): Promise<ListedUser> {
  return operand.includes('@') ? await users.findByEmail(operand) : await users.read(operand);
}

/** The flags of {@link RIGHTS_FLAGS} that were given. */
export function rightsOf({ options }: Call) {
  return {
    isAdmin: switchOf(options, '--admin'),
    isApproved: switchOf(options, '--approved'),
    allow: allowedOf(options.get('--allow')),
  };
}

/** Undefined: the switch was not given. */
export function switchOf(options: Call['options'], flag: string): boolean | undefined {
  const text = options.get(flag);
  return text === undefined ? undefined : text === 'true';
}

/** The one of the switches that was given. @throws KittiwakeError `usage` for two */
export function chosenFlag(options: Call['options'], flags: readonly string[]): string | undefined {
  const [first, second] = flags.filter(flag => options.get(flag) === 'true');
  if (first !== undefined && second !== undefined) throw optionsContradict(first, second);
  return first;
}

/** What the password is to be, read from standard input where a flag says so. */
export async function passwordOf(
  flag: string | undefined,
  terminal: Terminal,
): Promise<PasswordWish | undefined> {
  switch (flag) {
    case '--generate':
      return { kind: 'generated' };
    case '--remove':
      return { kind: 'none' };
    case '--hash':
      return { kind: 'hash', hash: await readSecret('Hash', terminal) };
    case '--password':
      return { kind: 'given', password: await readSecret('Password', terminal) };
    default:
      return undefined;
  }
}

function allowedOf(text: string | undefined) {
  if (text === undefined) return undefined;
  if (text === 'none') return [];
  const words = text.split(',').map(word => word.trim());
  const rights = FLAGS.filter(right => words.includes(right));
  if (rights.length !== new Set(words).size) {
    throw optionInvalid('--allow', text, `of ${FLAGS.join(', ')}, with commas between, or none`);
  }
  return rights;
}

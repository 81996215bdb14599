import { readFileSync } from 'node:fs';

/** What was given to `npm run deploy` or `npm run destroy`. */
export interface CdkArguments {
  /** Context values, of cdk.json and of the arguments; the latter count. */
  context: Record<string, unknown>;
  profile: string | undefined;
  /** `--new-key`, which is ours and not the CDK's. */
  newKey: boolean;
  /** `--keep-old-key`: beside a new key the one before is accepted until the next deployment. */
  keepOldKey: boolean;
  /** Unless `--no-code-cache`, which is ours, too. */
  codeCache: boolean;
  /** What the CDK gets: everything else, as it was. */
  rest: string[];
}

const NEW_KEY = '--new-key';
const KEEP_OLD_KEY = '--keep-old-key';
const NO_CODE_CACHE = '--no-code-cache';
const OURS = [NEW_KEY, KEEP_OLD_KEY, NO_CODE_CACHE];

/** Reads what matters here out of arguments that are the CDK's. */
export function readCdkArguments(args: readonly string[], cdkJson: string): CdkArguments {
  const { context = {} } = JSON.parse(readFileSync(cdkJson, 'utf8')) as Partial<CdkArguments>;
  const rest = args.filter(arg => !OURS.includes(arg));
  const given = valuesOf(rest, ['-c', '--context']).map(text => {
    const equals = text.indexOf('=');
    return equals < 0 ? [text, 'true'] : [text.slice(0, equals), text.slice(equals + 1)];
  });
  return {
    context: { ...context, ...Object.fromEntries(given) },
    profile: valuesOf(rest, ['--profile']).at(-1),
    newKey: args.includes(NEW_KEY),
    keepOldKey: args.includes(KEEP_OLD_KEY),
    codeCache: !args.includes(NO_CODE_CACHE),
    rest,
  };
}

/** Of `--name value`, `--name=value` and, with one dash, `-nvalue`. */
function valuesOf(args: readonly string[], names: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    if (names.includes(arg)) return args[index + 1] ?? [];
    const name = names.find(each => arg.startsWith(each.startsWith('--') ? `${each}=` : each));
    if (name === undefined || (arg.startsWith('--') && !name.startsWith('--'))) return [];
    return arg.slice(name.length).replace(/^=/, '');
  });
}

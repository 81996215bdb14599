import { AUDIENCES } from '../../core/access-settings.ts';
import type { Config } from '../../core/config.ts';
import { SETTING_TEXTS } from '../../core/setting-texts.ts';
import type { Setting } from '../../core/setting-value.ts';
import { SETTINGS } from '../../core/settings.ts';
import type { Changed } from './change-policy.ts';
import { policyInvalid, preferenceFixed, preferenceInvalid } from './errors.ts';
import type { Policy } from './policy.ts';

/** A setting of a wiki that concerns writing, under the name that Otterwiki has for it. */
export interface Preference {
  name: string;
  type: 'choice' | 'text' | 'switch' | 'bytes';
  /** Of a choice. */
  choices?: readonly string[];
  description: string;
  /** What holds where nobody says anything. */
  default: Value;
  value: Value;
  /** Where the value comes from: the policy wins over the environment. */
  source: 'default' | 'environment' | 'policy';
  /** False: only the configuration of the server says it. */
  changeable: boolean;
}

type Value = string | number | boolean;

type Part = 'access' | 'preferences';

interface Row {
  setting: keyof typeof SETTINGS & keyof Config;
  type: Preference['type'];
  choices?: readonly string[];
  /** Where the policy has it. Absent: nowhere, it is fixed. */
  part?: Part;
  field?: string;
}

const area = (setting: Row['setting'], field: string): Row => ({
  setting,
  type: 'choice',
  choices: AUDIENCES,
  part: 'access',
  field,
});

const text = (setting: Row['setting'], field: string): Row => ({
  setting,
  type: 'text',
  part: 'preferences',
  field,
});

const ROWS: Readonly<Record<string, Row>> = {
  READ_ACCESS: area('readAccess', 'read'),
  WRITE_ACCESS: area('writeAccess', 'write'),
  ATTACHMENT_ACCESS: area('attachmentAccess', 'attachment'),
  COMMIT_MESSAGE: {
    ...text('commitMessage', 'commitMessage'),
    type: 'choice',
    choices: ['REQUIRED', 'OPTIONAL', 'DISABLED'],
  },
  DEFAULT_COMMIT_MESSAGE: text('defaultCommitMessage', 'defaultCommitMessage'),
  HOME_PAGE: text('homePage', 'homePage'),
  RETAIN_PAGE_NAME_CASE: { setting: 'retainPageNameCase', type: 'switch' },
  WIKILINK_STYLE: { setting: 'wikilinkStyle', type: 'text' },
  MAX_BODY: { setting: 'maxBodyBytes', type: 'bytes' },
};

/** All of them, as they hold by a policy over the configuration. */
export function listPreferences(policy: Policy, config: Config): Preference[] {
  return Object.entries(ROWS).map(([name, row]) => {
    const { setting, type, choices, part, field = '' } = row;
    const { default: text, parse } = SETTINGS[setting] as Setting<Value>;
    const standard = parse(text) ?? '';
    const configured = config[setting] as Value;
    const set = part === undefined ? undefined : (policy[part] as Record<string, Value | undefined>)[field];
    const source = set !== undefined ? 'policy' : configured === standard ? 'default' : 'environment';
    return {
      name,
      type,
      ...(choices === undefined ? {} : { choices }),
      description: SETTING_TEXTS[setting].description,
      default: standard,
      value: set ?? configured,
      source,
      changeable: part !== undefined,
    };
  });
}

/** What a change of preferences changes in a policy. */
export interface PreferenceChanges {
  access: Changed<Policy['access']>;
  preferences: Changed<Policy['preferences']>;
}

/**
 * @param given by name; null takes one back to what is configured
 * @throws KittiwakeError `policy_invalid`, `preference_fixed`
 */
export function preferenceChanges(given: Readonly<Record<string, unknown>>): PreferenceChanges {
  const changes: Record<Part, Record<string, unknown>> = { access: {}, preferences: {} };
  for (const [name, value] of Object.entries(given)) {
    const row = Object.hasOwn(ROWS, name) ? ROWS[name] : undefined;
    if (row === undefined) {
      throw policyInvalid(`there is no preference ${JSON.stringify(name)}, wanted ${NAMES.join(', ')}`);
    }
    const { setting, part, field } = row;
    if (part === undefined || field === undefined) throw preferenceFixed(name);
    changes[part][field] = value === null ? null : checked(name, SETTINGS[setting], value);
  }
  return changes;
}

const NAMES = Object.entries(ROWS)
  .filter(([, { part }]) => part !== undefined)
  .map(([name]) => name);

function checked(name: string, { parse, wanted }: Setting<unknown>, value: unknown): unknown {
  const parsed = typeof value === 'string' && value.isWellFormed() ? parse(value) : undefined;
  if (parsed === undefined) throw preferenceInvalid(name, wanted);
  return parsed;
}

import { AUDIENCES, type Audience } from '../../core/access-settings.ts';
import { RIGHTS } from '../principal.ts';
import { EMPTY_POLICY, type Policy, type Preferences, type Rule } from './policy.ts';

/** What a stored policy says its form is. */
export const POLICY_FORMAT = 1;

type Fields = Readonly<Record<string, unknown>>;

/**
 * A policy as the ledger holds it: its fields and `"format": 1`. Absent fields are as if never set; none at all is the empty policy.
 * Undefined: it is of a newer form, or damaged, so that nobody can tell whom it lets in.
 */
export function parsePolicy(stored: unknown): Policy | undefined {
  if (stored === undefined) return EMPTY_POLICY;
  if (!isFields(stored) || stored.format !== POLICY_FORMAT) return undefined;
  const { revision, access = {}, rules = [], limits = {}, preferences = {} } = stored;
  const isSound =
    isCount(revision) &&
    isFields(access) &&
    Object.values(access).every(isAudience) &&
    Array.isArray(rules) &&
    rules.every(isRule) &&
    isFields(limits) &&
    Object.values(limits).every(isCount) &&
    isFields(preferences) &&
    Object.values(preferences).every(value => typeof value === 'string');
  if (!isSound) return undefined;
  return { revision, access, rules, limits, preferences: preferences as Preferences };
}

/** What {@link parsePolicy} reads. */
export function storedPolicy(policy: Policy): Policy & { format: number } {
  return { format: POLICY_FORMAT, ...policy };
}

function isRule(value: unknown): value is Rule {
  if (!isFields(value) || typeof value.path !== 'string') return false;
  return RIGHTS.every(right => value[right] === undefined || isTexts(value[right]));
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}

function isAudience(value: unknown): value is Audience {
  return AUDIENCES.includes(value as Audience);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

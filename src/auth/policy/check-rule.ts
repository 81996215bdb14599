import { RIGHTS, type Right } from '../principal.ts';
import { ruleInvalid } from './errors.ts';
import type { Rule, Subject } from './policy.ts';
import { parseSubject } from './subject.ts';

/** Of one right of one rule. */
export const MAX_SUBJECTS = 100;

/** Of a wiki. */
export const MAX_RULES = 1_000;

/** What a rule says, without its path. */
export type RuleFields = Readonly<Record<string, unknown>>;

/**
 * A rule as it is kept. An unknown field is refused: a misspelt right would leave open what was meant to be closed.
 * @param path normalised
 * @throws KittiwakeError `rule_invalid`
 */
export function checkedRule(path: string, fields: RuleFields): Rule {
  const rule: { path: string } & { [R in Right]?: readonly Subject[] } = { path };
  for (const [name, value] of Object.entries(fields)) {
    const right = RIGHTS.find(each => each === name);
    if (right === undefined) throw ruleInvalid(path, `"${name}" is no right, wanted ${RIGHTS.join(', ')}`);
    if (value !== undefined) rule[right] = checkedSubjects(path, right, value);
  }
  if (Object.keys(rule).length === 1) {
    throw ruleInvalid(path, `it names no right, wanted at least one of ${RIGHTS.join(', ')}`);
  }
  return rule;
}

function checkedSubjects(path: string, right: Right, value: unknown): readonly Subject[] {
  if (!Array.isArray(value)) throw ruleInvalid(path, `"${right}" must be a list`);
  if (value.length > MAX_SUBJECTS) {
    throw ruleInvalid(path, `"${right}" names ${value.length}, wanted at most ${MAX_SUBJECTS}: use a group`);
  }
  const subjects = value.map(item => {
    const subject = typeof item === 'string' ? parseSubject(item) : undefined;
    if (subject !== undefined) return subject;
    throw ruleInvalid(
      path,
      `"${right}" names ${JSON.stringify(item)}, wanted ANONYMOUS, REGISTERED, APPROVED, ADMIN, user:E-MAIL, group:NAME or token:ID`,
    );
  });
  return [...new Set(subjects)];
}

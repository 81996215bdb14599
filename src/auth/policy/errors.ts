import { KittiwakeError } from '../../core/errors.ts';

/** @param why what is wrong and what would be right */
export function ruleInvalid(path: string, why: string): KittiwakeError {
  return new KittiwakeError('rule_invalid', `Setting the rule of "${path}": ${why}`, { data: { path } });
}

export function ruleNotFound(path: string): KittiwakeError {
  return new KittiwakeError('rule_not_found', `Removing the rule of "${path}": there is none`, {
    data: { path },
  });
}

export function policyInvalid(why: string): KittiwakeError {
  return new KittiwakeError('policy_invalid', `Changing the policy: ${why}`);
}

export function preferenceInvalid(name: string, wanted: string): KittiwakeError {
  return new KittiwakeError('policy_invalid', `Setting ${name}: wanted ${wanted}`, { data: { name } });
}

/** What only the configuration of the server says. */
export function preferenceFixed(name: string): KittiwakeError {
  return new KittiwakeError(
    'preference_fixed',
    `Setting ${name}: it is fixed by the configuration of the server, since pages are stored by it`,
    { data: { name } },
  );
}

/** Another version of the policy than the caller's If-Match asks for. */
export function policyChanged(revision: number): KittiwakeError {
  return new KittiwakeError(
    'precondition_failed',
    `Changing the policy: it is at revision ${revision}, wanted what If-Match says; read it again`,
    { data: { revision } },
  );
}

export function policyLockMissing(): KittiwakeError {
  return new KittiwakeError(
    'precondition_required',
    'Replacing all rules: If-Match is required, with the ETag of the policy that was read',
  );
}

/** Of a newer form, or damaged: what it says would be lost. */
export function policyUnreadable(): KittiwakeError {
  return new KittiwakeError(
    'policy_unreadable',
    'Reading the policy: its form is not known to this version of Kittiwake',
  );
}

/** @param path where the right is missing; `''`: of the whole wiki */
export function notAdministrator(path: string): KittiwakeError {
  const where = path === '' ? 'for the whole wiki' : `at "${path}"`;
  return new KittiwakeError('forbidden', `Not allowed: this needs the right "admin" ${where}`, {
    data: { needed: 'admin' },
  });
}

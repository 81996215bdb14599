import type { Audit } from '../auth/audit/audit.ts';
import type { TokenService } from '../auth/token/token-service.ts';
import type { Users } from '../auth/user/users.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';
import type { State } from './state.ts';

/** The log of what is done by those who administer a wiki, or, of the server's own state, the server. */
export function lazyAudit({ config, log, recorder }: Environment, state: Lazy<State>): Lazy<Audit> {
  return lazy('audit', recorder, async () => {
    const [{ createAudit }, database] = await Promise.all([import('../auth/audit/audit-log.ts'), state()]);
    return createAudit({ database, log, keepMs: auditMs(config) });
  });
}

/** The users of a wiki. Their tokens need not be opened to find out who one is. */
export function lazyUsers(
  { config, runtime, log, recorder }: Environment,
  state: Lazy<State>,
  tokens: () => Promise<TokenService>,
): Lazy<Users> {
  return lazy('users', recorder, async () => {
    const [{ createUsers }, database] = await Promise.all([import('../auth/user/users.ts'), state()]);
    const updateOwner: TokenService['updateOwner'] = async (id, now) => (await tokens()).updateOwner(id, now);
    return createUsers({ database, owners: { updateOwner }, runtime, log, keepMs: auditMs(config) });
  });
}

function auditMs({ auditDays }: Environment['config']): number {
  return auditDays * 24 * 3600 * 1000;
}

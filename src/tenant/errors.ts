import { KittiwakeError } from '../core/errors.ts';

/** @param what its name, or how names are written, for those who may know; default: the text that says nothing */
export function tenantAbsent(what?: string): KittiwakeError {
  return new KittiwakeError('tenant_absent', `Wiki not found${what === undefined ? '' : `: ${what}`}`);
}

export function wikiSuspended(): KittiwakeError {
  return new KittiwakeError('wiki_suspended', 'This wiki is suspended');
}

export function hostInvalid(why: string): KittiwakeError {
  return new KittiwakeError('host_invalid', `Finding the wiki of a request: ${why}`);
}

/** Too many names that stand for nothing were asked for. */
export function lookUpsLimited(retryAfterMs: number): KittiwakeError {
  return new KittiwakeError('rate_limited', 'Too many unknown wikis were asked for, try again', {
    data: { retryAfterMs },
  });
}

export function tenantNameInvalid(name: string, why: string): KittiwakeError {
  return new KittiwakeError('tenant_name_invalid', `Invalid name of a wiki ${JSON.stringify(name)}: ${why}`);
}

export function tenantExists(name: string, state: string): KittiwakeError {
  return new KittiwakeError('tenant_exists', `Creating the wiki "${name}": it is there and ${state}`, {
    data: { name, state },
  });
}

export function tenantStateWrong(
  action: string,
  name: string,
  state: string,
  wanted: string,
): KittiwakeError {
  return new KittiwakeError(
    'tenant_state_wrong',
    `${action} the wiki "${name}": it is ${state}, it must be ${wanted}`,
    { data: { name, state } },
  );
}

export function tenantUnreadable(name: string, cause: unknown): KittiwakeError {
  return new KittiwakeError(
    'wiki_name_unreadable',
    `Reading the record of the wiki "${name}": it is damaged, it must hold the uuid of a wiki`,
    { cause },
  );
}

export function tenantsOff(): KittiwakeError {
  return new KittiwakeError('tenants_off', 'This server serves one wiki: KITTIWAKE_TENANTS is not set');
}

export function detailInvalid(name: string, wanted: string): KittiwakeError {
  return new KittiwakeError('tenant_detail_invalid', `Invalid "${name}" of a wiki: it must be ${wanted}`);
}

import type { LookupAddress } from 'node:dns';
import type { RequestOptions } from 'node:http';
import { literalOf, mayReach, type Ranges } from './addresses.ts';

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export interface AddressOptions {
  /** Besides public ones. */
  allowed: Ranges;
  /** Default: the resolver of the system. */
  resolve?: Resolve | undefined;
}

/** The address of a host, all of whose addresses may be reached; undefined when they may not. @throws the resolver's error */
export async function checkedAddress(
  hostname: string,
  { allowed, resolve = resolveBySystem }: AddressOptions,
): Promise<LookupAddress | undefined> {
  const literal = literalOf(hostname);
  const found =
    literal === undefined
      ? await resolve(hostname)
      : [{ address: literal, family: literal.includes(':') ? 6 : 4 }];
  return found.every(({ address }) => mayReach(address, allowed)) ? found[0] : undefined;
}

/** Has a connection made to the very address that was checked: an answer of the name service that differs the next time leads nowhere. */
export function pinnedTo({ address, family }: LookupAddress): NonNullable<RequestOptions['lookup']> {
  return (_hostname, { all }, done) =>
    all ? done(null, [{ address, family }]) : done(null, address, family);
}

function resolveBySystem(hostname: string): Promise<readonly LookupAddress[]> {
  return process.getBuiltinModule('node:dns').promises.lookup(hostname, { all: true });
}

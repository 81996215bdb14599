import type { ByteStore } from '../storage/byte-store.ts';
import { tenantKey } from './tenant-record.ts';
import type { TenantInfo, Tenants } from './tenants.ts';

export interface SweepOptions {
  store: ByteStore;
  tenants: Tenants;
  /** Removes what of a wiki lies outside of the store. May be called again. */
  removeElsewhere(uuid: string): Promise<void>;
}

export interface Swept {
  name: string;
  uuid: string;
  /** Objects that were removed by this call. */
  objects: number;
}

/** Where the objects of a wiki lie. The ledger goes first: from then on no write of anybody can land. */
const PLACES = [
  (uuid: string) => `ledger/${uuid}`,
  (uuid: string) => `state/${uuid}`,
  (uuid: string) => `packs/${uuid}/`,
  (uuid: string) => `raw/${uuid}/`,
  (uuid: string) => `uploads/${uuid}/`,
  (uuid: string) => `search/${uuid}/`,
  (uuid: string) => `drafts/${uuid}/`,
  (uuid: string) => `outbox/${uuid}/`,
  (uuid: string) => `projections/${uuid}/`,
  (uuid: string) => `site/${uuid}/`,
  (uuid: string) => `jobs/${uuid}/`,
  (uuid: string) => `job-files/${uuid}/`,
  (uuid: string) => `wakes/${uuid}/`,
  (uuid: string) => `memo/${uuid}/`,
];

/**
 * Removes the deleted wikis whose grace is over, one after the other. Their records go last, so that what was interrupted is
 * completed by the next call; a name can be given again when its record is gone.
 */
export async function* sweepTenants(options: SweepOptions): AsyncGenerator<Swept> {
  for await (const tenant of options.tenants.all()) {
    if (isDue(tenant, options)) yield await sweepTenant(tenant.name, options);
  }
}

/** Removes one of them. @throws KittiwakeError `tenant_absent`, `tenant_state_wrong` */
export async function sweepTenant(name: string, options: SweepOptions): Promise<Swept> {
  const { store, tenants, removeElsewhere } = options;
  const { uuid } = await tenants.condemn(name);
  // A whole uuid or nothing: a part of one would be the beginning of others.
  if (!/^[0-9a-f]{32}$/.test(uuid)) throw new TypeError(`Sweeping "${name}": "${uuid}" is no uuid`);
  let objects = await removeTokens(store, uuid);
  for (const place of PLACES) objects += await removeAll(store, place(uuid));
  await removeElsewhere(uuid);
  // Another sweep may have completed this one meanwhile, and the name have been given again.
  if ((await tenants.find(name))?.uuid === uuid) await store.delete([tenantKey(name)]);
  return { name, uuid, objects };
}

function isDue({ state, deletion }: TenantInfo, { tenants }: SweepOptions): boolean {
  return state === 'sweeping' || (state === 'deleted' && (deletion?.sweepMs ?? 0) <= tenants.nowMs());
}

async function removeAll(store: ByteStore, prefix: string): Promise<number> {
  let objects = 0;
  for (;;) {
    const { objects: found } = await store.list(prefix);
    if (found.length === 0) return objects;
    await store.delete(found.map(({ key }) => key));
    objects += found.length;
  }
}

/** The documents of tokens lie under their hashes, which stand in the keys of the wiki's index; each note goes after its token. */
async function removeTokens(store: ByteStore, uuid: string): Promise<number> {
  let removed = 0;
  for (;;) {
    const { objects } = await store.list(`tokens/${uuid}/`);
    if (objects.length === 0) return removed;
    const hashes = objects.flatMap(({ key }) => /\.([0-9a-f]{64})$/.exec(key)?.[1] ?? []);
    await store.delete(hashes.map(hash => `auth/${hash}`));
    await store.delete(objects.map(({ key }) => key));
    removed += objects.length + hashes.length;
  }
}

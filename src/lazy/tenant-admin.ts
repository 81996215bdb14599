import { isKittiwakeError } from '../core/errors.ts';
import type { Runtime } from '../core/runtime.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import type { TenantAdmin, TenantRef } from '../tenant/tenant-admin.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';
import type { ManyWikis, OpenTenant } from './tenants.ts';

export interface TenantAdminParts {
  environment: Omit<Environment, 'committed'>;
  store: Lazy<ByteStore>;
  many: Lazy<ManyWikis>;
}

/** Makes what administers the wikis, in the name of a principal. */
export type AdminOfTenants = (actor: string) => TenantAdmin;

export function lazyTenantAdmin(parts: TenantAdminParts): Lazy<AdminOfTenants> {
  const { environment, store, many } = parts;
  const { config, runtime, recorder } = environment;
  return lazy('tenant_admin', recorder, async () => {
    const [modules, opened, wikis] = await Promise.all([load(), store(), many()]);
    const { Tenants, TenantAdmin, sweepTenants } = modules;
    const tenants = new Tenants({
      store: opened,
      runtime,
      graceMs: config.tenantGraceDays * 86_400_000,
      birth: uuid => birth(opened, uuid, runtime),
      changed: (name, uuid) => wikis.forget({ name, uuid }),
    });
    const using = async <R>(tenant: TenantRef, work: (open: OpenTenant) => Promise<R>) => {
      const { handles, release } = wikis.lease(tenant);
      try {
        return await work(handles);
      } finally {
        release();
      }
    };
    const removeElsewhere = (uuid: string) => removeLocal(config.data, uuid);
    return actor =>
      new TenantAdmin({
        tenants,
        actor,
        record: (_, effect) => effect(),
        setLimits: (tenant, limits) => using(tenant, ({ handles }) => modules.setLimits(handles, limits)),
        usage: tenant => using(tenant, ({ handles }) => modules.usageOf(handles, config)),
        makeToken: tenant =>
          using(tenant, async ({ handles }) => {
            const tokens = await handles.site.as(modules.OPERATOR).tokens();
            return (await tokens.create({ name: 'first administrator', rights: ['admin'] })).text;
          }),
        sweep: () => sweepTenants({ store: opened, tenants, removeElsewhere }),
      });
  });
}

async function load() {
  const [{ Tenants }, { TenantAdmin }, { sweepTenants }, { setLimits, usageOf }, { OPERATOR }] =
    await Promise.all([
      import('../tenant/tenants.ts'),
      import('../tenant/tenant-admin.ts'),
      import('../tenant/sweep.ts'),
      import('./tenant-limits.ts'),
      import('../auth/principal.ts'),
    ]);
  return { Tenants, TenantAdmin, sweepTenants, setLimits, usageOf, OPERATOR };
}

/** Makes an empty ledger where there is none. */
async function birth(store: ByteStore, uuid: string, runtime: Runtime): Promise<void> {
  const { createLedger } = await import('../git/open.ts');
  try {
    await createLedger({ store, uuid, runtime });
  } catch (error) {
    if (!isKittiwakeError(error, 'object_exists')) throw error;
  }
}

/** What a server keeps beside its store: search indexes, and databases. */
async function removeLocal(data: string, uuid: string): Promise<void> {
  const { rm } = await import('node:fs/promises');
  const ends = ['', '-wal', '-shm', '-journal'];
  const files = ['search', 'state'].flatMap(folder =>
    ends.map(end => `${data}/${folder}/${uuid}.sqlite${end}`),
  );
  await Promise.all(files.map(file => rm(file, { force: true })));
}

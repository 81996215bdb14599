import type { Audit } from '../auth/audit/audit.ts';
import { isKittiwakeError } from '../core/errors.ts';
import type { Runtime } from '../core/runtime.ts';
import type { PostgresServer } from '../db/postgres/server.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import type { TenantAdmin, TenantRef } from '../tenant/tenant-admin.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';
import { lazyState, type State } from './state.ts';
import type { ManyWikis, OpenTenant } from './tenants.ts';
import { lazyAudit } from './users.ts';

export interface TenantAdminParts {
  environment: Environment;
  store: Lazy<ByteStore>;
  many: Lazy<ManyWikis>;
}

/** What administers the wikis of a server, and what the server keeps of that. */
export interface TenantAdministration {
  readonly tenants: Lazy<AdminOfTenants>;
  /** What is relational of the server itself. */
  readonly state: Lazy<State>;
  /** The server's own log of changes. */
  readonly audit: Lazy<Audit>;
  close(): Promise<void>;
}

/** Makes what administers the wikis, in the name of a principal. */
export type AdminOfTenants = (actor: string) => TenantAdmin;

export function createTenantAdministration(parts: TenantAdminParts): TenantAdministration {
  const { environment, store } = parts;
  const state = lazyState(environment, store, async () => 'server');
  const audit = lazyAudit(environment, state);
  const tenants = lazyTenantAdmin(parts, audit);
  return { tenants, state, audit, close: async () => state.peek()?.close() };
}

function lazyTenantAdmin(parts: TenantAdminParts, audit: Lazy<Audit>): Lazy<AdminOfTenants> {
  const { environment, store, many } = parts;
  const { config, runtime, recorder, postgres } = environment;
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
    const removeElsewhere = async (uuid: string) => {
      await removeLocal(config.data, uuid);
      if (postgres) await removeSchema(await postgres(), uuid);
    };
    return actor =>
      new TenantAdmin({
        tenants,
        actor,
        record: async (event, effect) => (await audit()).record(event, effect),
        setLimits: (tenant, limits) => using(tenant, ({ handles }) => modules.setLimits(handles, limits)),
        usage: tenant => using(tenant, ({ handles }) => modules.usageOf(handles, config)),
        makeToken: tenant =>
          using(tenant, async ({ handles }) => {
            const tokens = await handles.site.as(modules.OPERATOR).tokens();
            return (await tokens.create({ name: 'first administrator', rights: ['upload', 'admin'] })).text;
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

async function removeSchema(server: PostgresServer, uuid: string): Promise<void> {
  const { dropSchema } = await import('../db/postgres/drop-schema.ts');
  await dropSchema(server, `kittiwake_${uuid}`);
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

import { isKittiwakeError } from '../core/errors.ts';
import { type Runtime, randomId } from '../core/runtime.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import { type Document, type DocumentChange, documentIntent } from '../swap/document.ts';
import type { Swap } from '../swap/swap.ts';
import { createSwap } from '../swap/swapper.ts';
import { tenantAbsent, tenantExists, tenantStateWrong } from './errors.ts';
import { checkTenantName } from './tenant-name.ts';
import { newRecord, type TenantRecord, tenantFormat, tenantKey } from './tenant-record.ts';

export interface TenantsOptions {
  store: ByteStore;
  runtime: Runtime;
  /** How long a deleted wiki can be undeleted. */
  graceMs: number;
  /** Makes the empty wiki of a uuid; where it is there already nothing happens. */
  birth(uuid: string): Promise<void>;
  /** Told of a name whose record has changed, or may have. */
  changed(name: string, uuid: string): void;
}

/** A wiki among others, as its record has it. */
export interface TenantInfo extends TenantRecord {
  name: string;
  uuid: string;
}

export interface NewTenant {
  note?: string | undefined;
  owner?: string | undefined;
}

/**
 * However small the grace is: for so long after its deletion other processes may go on serving a wiki, and writes that they began may
 * land.
 */
const MIN_GRACE_MS = 120_000;

const SERVED = ['active', 'suspended'] as const;

/** Creates, lists and deletes wikis. Each is a record under its name; the wiki itself lies under the uuid that the record names. */
export class Tenants {
  readonly #options: TenantsOptions;

  constructor(options: TenantsOptions) {
    this.#options = options;
  }

  /**
   * Makes an empty wiki. What a process that died halfway left behind is completed; of several who make the same one succeeds.
   * @param prepare is called before the wiki is served, perhaps more than once
   * @throws KittiwakeError `tenant_name_invalid`, `tenant_exists`, `outcome_unknown`; what `prepare` throws
   */
  async create(
    name: string,
    { note, owner }: NewTenant = {},
    prepare: (tenant: { name: string; uuid: string }) => Promise<void> = async () => {},
  ): Promise<TenantInfo> {
    const { runtime } = this.#options;
    const swap = this.#swap(checkTenantName(name));
    const details = { ...(note === undefined ? {} : { note }), ...(owner === undefined ? {} : { owner }) };
    const first = newRecord(randomId(runtime), 'creating', { nowMs: runtime.now(), ...details });
    const record = (await swap.read())?.value ?? (await firstOf(swap, first));
    const { uuid } = record.stamp;
    if (record.body.state !== 'creating') throw tenantExists(name, record.body.state);
    await this.#options.birth(uuid);
    await prepare({ name, uuid });
    return await this.#change(name, swap, body => {
      // Somebody else completed the same wiki.
      if (body.state !== 'creating') throw tenantExists(name, body.state);
      return { ...body, ...details, state: 'active' };
    });
  }

  /** The record of a name, as it is now. @throws KittiwakeError `tenant_absent` */
  async read(name: string): Promise<TenantInfo> {
    const found = await this.find(name);
    if (found === undefined) throw tenantAbsent(name);
    return found;
  }

  /** The same; undefined when there is none. */
  async find(name: string): Promise<TenantInfo | undefined> {
    const held = await this.#swap(name).read();
    return held && infoOf(name, held.value);
  }

  /** By name; at most `limit`, after the name `after`. `last`: the last name looked at, when more follow. */
  async list({ after, limit }: { after?: string | undefined; limit: number }): Promise<{
    tenants: TenantInfo[];
    last?: string;
  }> {
    const { store } = this.#options;
    const from = after === undefined ? {} : { after: tenantKey(after) };
    const { objects, more } = await store.list(tenantKey(''), { ...from, limit });
    const names = objects.map(({ key }) => key.slice(tenantKey('').length));
    const found = await Promise.all(names.map(name => this.find(name)));
    const tenants = found.filter(tenant => tenant !== undefined);
    const last = names.at(-1);
    return more && last !== undefined ? { tenants, last } : { tenants };
  }

  /** Every name with its record. */
  async *all(): AsyncGenerator<TenantInfo> {
    let after: string | undefined;
    do {
      const { tenants, last } = await this.list({ after, limit: 100 });
      yield* tenants;
      after = last;
    } while (after !== undefined);
  }

  /** Serves a wiki no more until {@link Tenants.resume}. Again does nothing. @throws KittiwakeError `tenant_absent`, `tenant_state_wrong` */
  async suspend(name: string): Promise<TenantInfo> {
    return await this.#move(name, 'Suspending', SERVED, body => ({ ...body, state: 'suspended' }));
  }

  /** @throws KittiwakeError as {@link Tenants.suspend} */
  async resume(name: string): Promise<TenantInfo> {
    return await this.#move(name, 'Resuming', SERVED, body => ({ ...body, state: 'active' }));
  }

  /** Replaces the note. @throws KittiwakeError as {@link Tenants.suspend} */
  async annotate(name: string, note: string): Promise<TenantInfo> {
    return await this.#move(name, 'Changing', SERVED, body => ({ ...body, note }));
  }

  /**
   * Serves a wiki no more; it can be undeleted until its grace is over. Its name stays taken until it was swept. Again does nothing.
   * @throws KittiwakeError as {@link Tenants.suspend}
   */
  async remove(name: string, { graceMs = this.#options.graceMs } = {}): Promise<TenantInfo> {
    const { runtime } = this.#options;
    const wanted = ['creating', 'active', 'suspended', 'deleted'] as const;
    return await this.#move(name, 'Deleting', wanted, body => {
      if (body.state === 'deleted') return body;
      const deletedMs = runtime.now();
      const before = body.state === 'sweeping' ? 'active' : body.state;
      const deletion = { deletedMs, sweepMs: deletedMs + Math.max(graceMs, MIN_GRACE_MS), before };
      return { ...body, state: 'deleted', deletion };
    });
  }

  /** Takes a deletion back. @throws KittiwakeError `tenant_absent`, `tenant_state_wrong` */
  async undelete(name: string): Promise<TenantInfo> {
    return await this.#move(name, 'Undeleting', ['active', 'suspended', 'deleted'], body => {
      const { deletion, ...rest } = body;
      return deletion === undefined ? body : { ...rest, state: deletion.before };
    });
  }

  /** From now on the objects of a deleted wiki may be removed. @throws KittiwakeError `tenant_absent`, `tenant_state_wrong` */
  async condemn(name: string): Promise<TenantInfo> {
    const { runtime } = this.#options;
    return await this.#move(name, 'Sweeping', ['deleted', 'sweeping'], body => {
      if (body.state === 'deleted' && (body.deletion?.sweepMs ?? 0) > runtime.now()) {
        throw tenantStateWrong('Sweeping', name, 'deleted and in its grace', 'out of it');
      }
      return { ...body, state: 'sweeping' };
    });
  }

  nowMs(): number {
    return this.#options.runtime.now();
  }

  #swap(name: string): Swap<Document<TenantRecord>> {
    const { store, runtime } = this.#options;
    return createSwap({ store, key: tenantKey(name), format: tenantFormat, runtime });
  }

  async #move(
    name: string,
    action: string,
    from: readonly TenantRecord['state'][],
    change: (body: TenantRecord) => TenantRecord,
  ): Promise<TenantInfo> {
    const swap = this.#swap(name);
    if ((await swap.read()) === undefined) throw tenantAbsent(name);
    return await this.#change(name, swap, body => {
      if (!from.includes(body.state)) throw tenantStateWrong(action, name, body.state, from.join(' or '));
      return change(body);
    });
  }

  async #change(
    name: string,
    swap: Swap<Document<TenantRecord>>,
    change: (body: TenantRecord) => TenantRecord,
  ): Promise<TenantInfo> {
    const { runtime, changed } = this.#options;
    const uuid = swap.held()?.value.stamp.uuid ?? '';
    const decide = (body: TenantRecord): DocumentChange<TenantRecord, TenantRecord> => {
      const next = change(body);
      const isSame = JSON.stringify(next) === JSON.stringify(body);
      if (isSame) return { result: body };
      const stamped = { ...next, changedMs: runtime.now() };
      return { body: stamped, result: stamped };
    };
    try {
      const body = await swap.submit(documentIntent(runtime, decide));
      return { ...body, name, uuid };
    } finally {
      changed(name, uuid);
    }
  }
}

/** The first version, or that of somebody who was faster. */
async function firstOf(
  swap: Swap<Document<TenantRecord>>,
  first: Document<TenantRecord>,
): Promise<Document<TenantRecord>> {
  try {
    return (await swap.create(first)).value;
  } catch (error) {
    const other = isKittiwakeError(error, 'object_exists') ? await swap.read() : undefined;
    if (other === undefined) throw error;
    return other.value;
  }
}

function infoOf(name: string, { stamp, body }: Document<TenantRecord>): TenantInfo {
  return { ...body, name, uuid: stamp.uuid };
}

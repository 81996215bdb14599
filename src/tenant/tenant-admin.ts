import { detailInvalid } from './errors.ts';
import type { Swept } from './sweep.ts';
import type { NewTenant, TenantInfo, Tenants } from './tenants.ts';

/** The most that a wiki may hold; 0: no limit, null: as configured, absent: as it is. */
export interface TenantLimits {
  pages?: number | null;
  /** Of the store, history included. */
  bytes?: number | null;
}

export interface TenantUsage {
  pages: number;
  /** In the store, with its history. */
  bytes: number;
  /** Those that hold for the wiki, its own or the configured ones; 0: no limit. */
  limits: { pages: number; bytes: number };
}

/** Which wiki among others. */
export interface TenantRef {
  name: string;
  uuid: string;
}

export interface TenantAdminOptions {
  tenants: Tenants;
  /** Id of the principal, for the log of changes. */
  actor: string;
  /** Does `effect`, and keeps in the server's log of changes what was done by whom. */
  record<R>(event: AdminEvent, effect: () => Promise<R>): Promise<R>;
  setLimits(tenant: TenantRef, limits: TenantLimits): Promise<void>;
  usage(tenant: TenantRef): Promise<TenantUsage>;
  /** Makes a token with which its holder administers the wiki. Its text. */
  makeToken(tenant: TenantRef): Promise<string>;
  sweep(): AsyncIterable<Swept>;
}

interface AdminEvent {
  actor: string;
  action: string;
  subject: string;
  detail?: Readonly<Record<string, unknown>>;
}

export interface CreateTenant extends NewTenant {
  name: string;
  limits?: TenantLimits | undefined;
  /** Default: false. */
  withToken?: boolean | undefined;
}

export interface ChangeTenant {
  state?: 'active' | 'suspended' | undefined;
  note?: string | undefined;
  limits?: TenantLimits | undefined;
}

/** The wikis of a server as an operator administers them; each change is kept in the server's log of changes. */
export class TenantAdmin {
  readonly #options: TenantAdminOptions;

  constructor(options: TenantAdminOptions) {
    this.#options = options;
  }

  /**
   * Makes an empty wiki with its limits, and a token for whom it is for. After a crash the same call completes it; it says that the
   * wiki is there when only the answer, or the token, was lost.
   * @throws KittiwakeError as {@link Tenants.create}
   */
  async create(wish: CreateTenant): Promise<{ tenant: TenantInfo; token?: string }> {
    const { tenants, setLimits, makeToken } = this.#options;
    const { name, limits, withToken, ...details } = wish;
    check(wish);
    return await this.#record('create', name, { ...details, limits }, async () => {
      const prepare = async (made: TenantRef) => {
        if (limits) await setLimits(made, limits);
      };
      const tenant = await tenants.create(name, details, prepare);
      return withToken ? { tenant, token: await makeToken(tenant) } : { tenant };
    });
  }

  /** @throws KittiwakeError `tenant_absent` */
  async show(name: string): Promise<{ tenant: TenantInfo; usage?: TenantUsage }> {
    const tenant = await this.#options.tenants.read(name);
    if (tenant.state !== 'active' && tenant.state !== 'suspended') return { tenant };
    return { tenant, usage: await this.#options.usage(tenant) };
  }

  /** By name; at most `limit`, after the name `after`. `next`: what to go on after. */
  async list(range: {
    after?: string | undefined;
    limit: number;
  }): Promise<{ tenants: TenantInfo[]; next?: string }> {
    const { tenants, last } = await this.#options.tenants.list(range);
    return last === undefined ? { tenants } : { tenants, next: last };
  }

  /** Every wiki by name, in whichever state. */
  all(): AsyncIterable<TenantInfo> {
    return this.#options.tenants.all();
  }

  /** Changes what is given; again does nothing. @throws KittiwakeError `tenant_absent`, `tenant_state_wrong` */
  async change(name: string, wish: ChangeTenant): Promise<TenantInfo> {
    const { tenants, setLimits } = this.#options;
    const { state, note, limits } = wish;
    check(wish);
    const found = await tenants.read(name);
    const action = state === undefined ? 'change' : state === 'suspended' ? 'suspend' : 'resume';
    return await this.#record(action, name, { ...wish }, async () => {
      if (limits) await setLimits(found, limits);
      if (state === 'suspended') await tenants.suspend(name);
      if (state === 'active') await tenants.resume(name);
      return note === undefined ? await tenants.read(name) : await tenants.annotate(name, note);
    });
  }

  /** As {@link Tenants.remove}. */
  remove(name: string, options: { graceMs?: number } = {}): Promise<TenantInfo> {
    return this.#record('delete', name, options, () => this.#options.tenants.remove(name, options));
  }

  /** As {@link Tenants.undelete}. */
  undelete(name: string): Promise<TenantInfo> {
    return this.#record('undelete', name, {}, () => this.#options.tenants.undelete(name));
  }

  /** Removes the deleted wikis whose grace is over. */
  async *sweep(): AsyncGenerator<Swept> {
    for await (const swept of this.#options.sweep()) {
      yield await this.#record('sweep', swept.name, { objects: swept.objects }, async () => swept);
    }
  }

  #record<R>(
    action: string,
    name: string,
    detail: Readonly<Record<string, unknown>>,
    effect: () => Promise<R>,
  ): Promise<R> {
    const { actor, record } = this.#options;
    return record({ actor, action: `tenant.${action}`, subject: `wiki:${name}`, detail }, effect);
  }
}

/** Of each text for operators. */
const MAX_CHARACTERS = 1_000;

function check({ limits, note, owner }: NewTenant & { limits?: TenantLimits | undefined }): void {
  for (const [name, value] of Object.entries(limits ?? {})) {
    const isLimit = value === null || (Number.isSafeInteger(value) && value >= 0);
    if (!isLimit) throw detailInvalid(name, 'a whole number, 0 for no limit');
  }
  for (const [name, text] of Object.entries({ note, owner })) {
    if ((text ?? '').length > MAX_CHARACTERS) throw detailInvalid(name, 'up to 1,000 characters');
  }
}

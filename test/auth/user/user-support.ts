import { onTestFinished } from 'vitest';
import type { Audit } from '../../../src/auth/audit/audit.ts';
import { createAudit } from '../../../src/auth/audit/audit-log.ts';
import { OPERATOR } from '../../../src/auth/principal.ts';
import type { OwnerNow, TokenOwner } from '../../../src/auth/token/tokens.ts';
import type { TokenOwners } from '../../../src/auth/user/context.ts';
import { createUsers, type Users } from '../../../src/auth/user/users.ts';
import { type Runtime, randomId, systemRuntime } from '../../../src/core/runtime.ts';
import { createFileState } from '../../../src/db/state/file-state.ts';
import { createSnapshotState } from '../../../src/db/state/snapshot-state.ts';
import type { StateDatabase } from '../../../src/db/state/state-database.ts';
import { type StateTables, stateSchema } from '../../../src/db/state/state-schema.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { databaseFile } from '../../db/database-folder.ts';

export type UserState = StateDatabase<StateTables>;

/** Where one database lies; any number of handles lead to it. */
export interface UserPlace {
  open(options?: { runtime?: Runtime }): UserState;
}

export type MakeUserPlace = () => UserPlace | Promise<UserPlace>;

/** What tokens were told of their owners, as a store of tokens would keep it. */
export class KnownOwners {
  readonly owners = new Map<string, TokenOwner | undefined>();
  calls = 0;
  /** Those whose tokens cannot be reached. */
  readonly unreachable = new Set<string>();
  readonly #revisions = new Map<string, number>();

  async updateOwner(ownerId: string, { owner, revision }: OwnerNow): Promise<void> {
    this.calls += 1;
    if (this.unreachable.has(ownerId)) throw new Error('no store');
    if (revision < (this.#revisions.get(ownerId) ?? 0)) return;
    this.#revisions.set(ownerId, revision);
    this.owners.set(ownerId, owner);
  }
}

export interface OpenUsers<O = KnownOwners> {
  database: UserState;
  users: Users;
  audit: Audit;
  owners: O;
  /** What went wrong without anybody being told. */
  failures: string[];
}

export function openUsers<O extends TokenOwners = KnownOwners>(
  place: UserPlace,
  options: { runtime?: Runtime; owners?: O } = {},
): OpenUsers<O> {
  const { runtime = systemRuntime, owners = new KnownOwners() as TokenOwners as O } = options;
  const database = place.open({ runtime });
  const failures: string[] = [];
  const log = { failure: (event: string) => void failures.push(event) };
  const keepMs = 365 * 24 * 3600 * 1000;
  const users = createUsers({ database, owners, runtime, log, keepMs });
  return { database, users, owners, failures, audit: createAudit({ database, log, keepMs }) };
}

export function fileUsers(): UserPlace & { file: string } {
  const file = databaseFile();
  return {
    file,
    open: ({ runtime = systemRuntime } = {}) => {
      const state = createFileState<StateTables>({ file, schema: stateSchema, runtime });
      onTestFinished(() => state.close());
      return state;
    },
  };
}

export const PASSWORD = 'correct horse';

/** The users as the holder of the server's key sees them. */
export function byOperator({ users }: Pick<OpenUsers, 'users'>) {
  return users.administeredBy(OPERATOR);
}

/** A clock that stands still until it is set. */
export function settableRuntime(startMs: number): Runtime & { nowMs: number } {
  const runtime = { ...systemRuntime, nowMs: startMs, now: () => runtime.nowMs };
  return runtime;
}

export function snapshotUsers(): UserPlace {
  const store = createMemoryByteStore();
  const uuid = randomId(systemRuntime);
  return {
    open: ({ runtime = systemRuntime } = {}) => {
      const state = createSnapshotState<StateTables>({ store, uuid, schema: stateSchema, runtime });
      onTestFinished(() => state.close());
      return state;
    },
  };
}

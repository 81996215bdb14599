import { isKittiwakeError } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import type { StateDatabase } from '../../db/state/state-database.ts';
import type { StateTables } from '../../db/state/state-schema.ts';
import { checkAdministrator } from '../administrator.ts';
import { decodeCursor, encodeCursor } from '../list-cursor.ts';
import type { Principal } from '../principal.ts';
import type { Audit, AuditEntry, AuditOutcome, AuditQuery } from './audit.ts';
import { endEntry, insertEntry, listEntries, type Place } from './audit-rows.ts';

export interface AuditOptions {
  database: StateDatabase<StateTables>;
  log: Pick<Logger, 'failure'>;
  /** How long entries are kept at least; what is older goes when the next one comes. */
  keepMs: number;
}

const MOST_ENTRIES = 200;

export function createAudit({ database, log, keepMs }: AuditOptions): Audit {
  const end = async (id: string, outcome: AuditOutcome, code?: string) => {
    try {
      await database.write((state, given) => endEntry(state, given, { id, outcome, code }));
    } catch (error) {
      log.failure('audit_unfinished', error, { entry: id, outcome });
    }
  };
  return {
    async record(event, effect) {
      const id = await database.write((state, given) =>
        insertEntry(state, given, event, { outcome: 'begun', keepMs }),
      );
      try {
        const result = await effect();
        await end(id, 'done');
        return result;
      } catch (error) {
        const isUnknown = isKittiwakeError(error, 'outcome_unknown');
        await end(id, isUnknown ? 'unknown' : 'failed', isKittiwakeError(error) ? error.code : 'internal');
        throw error;
      }
    },
    async list(query) {
      if (!(await database.exists())) return { entries: [] };
      return await list(database, query);
    },
  };
}

/** The log as one caller may read it. @throws KittiwakeError `forbidden` */
export function auditFor(audit: Audit, principal: Principal): Pick<Audit, 'list'> {
  return {
    list: async query => {
      checkAdministrator(principal);
      return await audit.list(query);
    },
  };
}

async function list(
  database: StateDatabase<StateTables>,
  query: AuditQuery,
): Promise<{ entries: AuditEntry[]; nextCursor?: string }> {
  const limit = Math.min(Math.max(query.limit ?? MOST_ENTRIES, 1), MOST_ENTRIES);
  const before = query.cursor === undefined ? undefined : placeOf(decodeCursor(query.cursor, isPlaceKey));
  const { actor, action } = query;
  const entries = await database.read(
    state => listEntries(state, { actor, action, before, limit: limit + 1 }),
    { maxAgeMs: 0 },
  );
  const last = entries[limit - 1];
  if (entries.length <= limit || !last) return { entries };
  return { entries: entries.slice(0, limit), nextCursor: encodeCursor(placeKey(last)) };
}

function placeKey({ atMs, id }: AuditEntry): string {
  return `${atMs}:${id}`;
}

function placeOf(key: string): Place {
  const [atMs = '', id = ''] = key.split(':');
  return { atMs: Number(atMs), id };
}

function isPlaceKey(key: string): boolean {
  return /^\d{1,15}:[0-9a-f]{32}$/.test(key);
}

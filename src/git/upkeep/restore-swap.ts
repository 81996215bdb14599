import { randomId } from '../../core/runtime.ts';
import type { PutCondition, PutOutcome } from '../../storage/byte-store.ts';
import { outcomeUnknown } from '../../swap/errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { ledgerFormat, ledgerKey } from '../ledger/ledger.ts';
import type { LedgerRepository } from '../open.ts';
import type { Survey } from './restore-survey.ts';
import { condemnedSince, type NewNames, restoredLedger } from './restored-ledger.ts';

const MAX_PUTS = 5;
const PAUSE_MS = 500;
/** A restored journal's number of trims leaps by up to so many: it tells the restore's own effect from everybody else's. */
const MAX_LEAP = 2 ** 31;
/** Trims that may follow before the effect is looked for. */
const FOLLOWING = 2 ** 16;

/** An older ledger, the newest one, and the new names under which files were stored for the latter. */
export interface RestoreAttempt {
  older: Ledger;
  newest: Ledger;
  newNames: NewNames;
}

/** One ledger in place of another. */
export interface Replacement {
  ledger: Ledger;
  replaced: Ledger;
}

/** Swaps the ledger that is there for the older one. Undefined: what was stored for it no longer holds. */
export async function swapLedger(
  repository: LedgerRepository,
  { older, newest, newNames }: RestoreAttempt,
): Promise<Replacement | undefined> {
  const { runtime } = repository;
  const trims = markAfter(repository, older, newest);
  let replaced = newest;
  const isDone = await repository.amend<boolean>({
    apply: async current => {
      replaced = current;
      const holds =
        current.collections === newest.collections &&
        current.epoch === newest.epoch &&
        current.journal.base.trims < trims &&
        condemnedSince(older, current).every(name => newNames.has(name)) &&
        !current.condemned.some(({ name }) => [...newNames.values()].includes(name));
      if (!holds) return { kind: 'keep', result: false };
      const value = restoredLedger(older, current, { newNames, trims, nowMs: runtime.now() });
      return { kind: 'change', value, result: true };
    },
    settle: async current => (isMarked(current, trims) ? true : undefined),
  });
  return isDone ? { ledger: await repository.ledger(0), replaced } : undefined;
}

/**
 * Puts the older ledger where none is, or in place of something that no process can use: no writer goes on from that. Undefined:
 * somebody else was faster.
 * @throws KittiwakeError `outcome_unknown`
 */
export async function overwriteLedger(
  repository: LedgerRepository,
  { older, newest, newNames }: RestoreAttempt,
  present: Exclude<Survey['present'], { kind: 'usable' }>,
): Promise<Replacement | undefined> {
  const { store, uuid, runtime } = repository;
  const trims = markAfter(repository, older, newest);
  const value = restoredLedger(older, newest, { newNames, trims, nowMs: runtime.now() });
  const stamp = { uuid, seq: newest.stamp.seq + 1, nonce: randomId(runtime) };
  const body = ledgerFormat.encode(value, stamp);
  const condition: PutCondition =
    present.kind === 'absent' ? { ifAbsent: true } : { ifMatch: present.version };
  let cause: unknown;
  for (let attempt = 0; attempt < MAX_PUTS; attempt += 1) {
    if (attempt > 0) await runtime.sleep(PAUSE_MS * attempt);
    const putting = store.put(ledgerKey(uuid), body, condition);
    const outcome = await (cause === undefined ? putting : orUnknown(putting));
    if (outcome.kind === 'stored') return { ledger: ledgerFormat.stamped(value, stamp), replaced: newest };
    if (outcome.kind === 'unknown') cause = outcome.cause;
    try {
      const current = await findMarked(repository, trims);
      if (current) return { ledger: current, replaced: newest };
      if (outcome.kind === 'conflict') return undefined;
    } catch (error) {
      if (cause === undefined) throw error;
    }
  }
  throw outcomeUnknown(ledgerKey(uuid), cause);
}

/** A refusal says nothing of an earlier put that may yet land. */
async function orUnknown(putting: Promise<PutOutcome>): Promise<PutOutcome> {
  try {
    return await putting;
  } catch (error) {
    return { kind: 'unknown', cause: error instanceof Error ? error : new Error(String(error)) };
  }
}

async function findMarked({ store, uuid }: LedgerRepository, trims: number): Promise<Ledger | undefined> {
  const got = await store.get(ledgerKey(uuid));
  if (got.kind !== 'found') return undefined;
  try {
    const ledger = ledgerFormat.decode(got.bytes);
    return isMarked(ledger, trims) ? ledger : undefined;
  } catch {
    // What lay there before cannot be read.
    return undefined;
  }
}

/** Above that of every journal before, so that a flush prepared for one of them finds that it is for another. */
function markAfter({ runtime }: LedgerRepository, older: Ledger, newest: Ledger): number {
  const known = Math.max(older.journal.base.trims, newest.journal.base.trims);
  return known + FOLLOWING + Math.floor(runtime.random() * MAX_LEAP);
}

function isMarked({ journal }: Ledger, trims: number): boolean {
  return journal.base.trims >= trims && journal.base.trims < trims + FOLLOWING;
}

import type { Body } from '../storage/byte-store.ts';
import { type Document, documentFormat } from '../swap/document.ts';
import type { Format } from '../swap/swap.ts';

/**
 * `creating`: its ledger is being made; `deleted`: nothing of it was removed yet; `sweeping`: its objects are being removed, and
 * that cannot be stopped. Only an active one is served.
 */
export const TENANT_STATES = ['creating', 'active', 'suspended', 'deleted', 'sweeping'] as const;

export type TenantState = (typeof TENANT_STATES)[number];

/** What is kept under the name of a wiki. Its uuid is that of the document. */
export interface TenantRecord {
  /** Stands first in what is stored: it is read without reading all of it. */
  state: TenantState;
  /** Milliseconds since the epoch; 0: not known. */
  createdMs: number;
  changedMs: number;
  /** Of a deleted one. */
  deletion?: {
    deletedMs: number;
    /** When its objects may be removed. */
    sweepMs: number;
    /** What it goes back to when it is undeleted. */
    before: 'creating' | 'active' | 'suspended';
  };
  /** For operators: why it is as it is. */
  note?: string;
  /** For operators: whom it belongs to. */
  owner?: string;
}

const documents = documentFormat<TenantRecord>('wiki 2', parseRecord);

/**
 * `wikis/<name>`: a document of the format `wiki 2`, or what came before it, `{"format":1,"uuid":"<32 hex digits>"}`, which reads
 * as an active one and becomes a document with its first change.
 */
export const tenantFormat: Format<Document<TenantRecord>> = {
  ...documents,
  decode: (bytes, previous) => decodeFirst(bytes) ?? documents.decode(bytes, previous),
};

/** Where the record of a name lies. */
export function tenantKey(name: string): string {
  return `wikis/${name}`;
}

/** A record that is yet to be written. */
export function newRecord(
  uuid: string,
  state: TenantState,
  { nowMs, ...rest }: { nowMs: number } & Pick<TenantRecord, 'note' | 'owner'>,
): Document<TenantRecord> {
  const body = { state, createdMs: nowMs, changedMs: nowMs, ...rest };
  return { stamp: { uuid, seq: 0, nonce: '' }, writes: [], body };
}

/** The first version of an active record, as it is stored. */
export function firstRecord(given: { uuid: string; nonce: string; nowMs: number }): Body {
  const { uuid, nonce, nowMs } = given;
  return tenantFormat.encode(newRecord(uuid, 'active', { nowMs }), { uuid, seq: 1, nonce });
}

function decodeFirst(bytes: Buffer): Document<TenantRecord> | undefined {
  const { format, uuid } = JSON.parse(bytes.toString('utf8'));
  return format === 1 ? newRecord(uuid, 'active', { nowMs: 0 }) : undefined;
}

function parseRecord(body: unknown): TenantRecord {
  const record = body as TenantRecord;
  if (!TENANT_STATES.includes(record.state)) throw new TypeError(`The state ${record.state} is not known`);
  return record;
}

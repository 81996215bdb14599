import type { Cloud } from './cloud.ts';
import type { Operation, Records } from './toy-client.ts';
import { type Position, packedCount, TOY_KEY, type Toy, type ToyEntry, toyFormat } from './toy-ledger.ts';

/** An entry of the one true history, as it landed. */
interface Landed extends ToyEntry {
  atMs: number;
}

const NOT_APPLIED = ['kept', 'stale', 'contention', 'storage_failed'];
/** Deadlines take effect within this time while the process runs. */
const DEADLINE_SLACK_MS = 1_000;

/** Everything that a run must keep; returns what it did not. */
export function violations(cloud: Cloud, records: Records): string[] {
  const found: string[] = [];
  const history = replay(cloud, found);
  const places = new Map<string, number>();
  for (const [place, entry] of history.entries()) {
    if (places.has(entry.id)) found.push(`${entry.id} is in the history twice`);
    places.set(entry.id, place);
  }
  checkModel(history, records.operations, found);
  for (const operation of records.operations) {
    const place = places.get(operation.id);
    checkOperation(operation, place === undefined ? undefined : history[place], found);
    checkEvidence(operation, place, history, found);
    checkDeadline(operation, found);
  }
  for (const reading of records.readings) {
    if (!wasCurrent(reading.at, reading.askedMs, reading.answeredMs, history)) {
      found.push(`a reading saw ${JSON.stringify(reading.at)}, which was not current while it was asked`);
    }
  }
  return found;
}

/** Follows the versions as they landed; each must extend the one before. */
function replay(cloud: Cloud, found: string[]): Landed[] {
  const history: Landed[] = [];
  let previous: Toy | undefined;
  for (const { bytes, atMs, key } of cloud.landings) {
    if (key !== TOY_KEY) continue;
    const toy = toyFormat.decode(bytes);
    if (previous !== undefined) {
      const { uuid, seq } = previous.stamp;
      if (toy.stamp.uuid !== uuid || toy.stamp.seq !== seq + 1)
        found.push(`version ${toy.stamp.seq} follows ${seq}`);
    }
    previous = toy;
    extend(history, entriesOf(toy, cloud, found), atMs, found);
  }
  return history;
}

function extend(history: Landed[], entries: readonly ToyEntry[], atMs: number, found: string[]): void {
  if (entries.length < history.length)
    found.push(`the history shrank from ${history.length} to ${entries.length}`);
  for (const [place, entry] of entries.entries()) {
    const known = history[place];
    if (known === undefined) history.push({ ...entry, atMs });
    else if (known.id !== entry.id) found.push(`place ${place} held ${known.id}, then ${entry.id}`);
  }
}

function entriesOf(toy: Toy, cloud: Cloud, found: string[]): ToyEntry[] {
  const entries: ToyEntry[] = [];
  for (const { name, count } of toy.packs) {
    const pack = cloud.get(name);
    const packed = pack === undefined ? [] : (JSON.parse(pack.bytes.toString()) as ToyEntry[]);
    if (packed.length !== count) found.push(`${name} holds ${packed.length} entries, listed with ${count}`);
    entries.push(...packed);
  }
  if (entries.length !== packedCount(toy)) found.push('packs are missing');
  return [...entries, ...toy.journal];
}

/** Each write must have been allowed where it stands. */
function checkModel(history: readonly Landed[], operations: readonly Operation[], found: string[]): void {
  const byId = new Map(operations.map(operation => [operation.id, operation]));
  const pages = new Map<string, string>();
  for (const entry of history) {
    const operation = byId.get(entry.id);
    const there = pages.get(entry.page) ?? null;
    if (operation === undefined) found.push(`nobody asked for ${entry.id}`);
    else if (entry.before !== there) found.push(`${entry.id} rests on ${entry.before}, not on ${there}`);
    else if (operation.kind === 'edit' && operation.expected !== there)
      found.push(`${entry.id} had to be refused`);
    else if (operation.kind === 'ensure' && there !== null) found.push(`${entry.id} had nothing to do`);
    pages.set(entry.page, entry.id);
  }
}

function checkOperation(operation: Operation, landed: Landed | undefined, found: string[]): void {
  const { id, said, askedMs, answeredMs = Number.POSITIVE_INFINITY, process, mustSucceed } = operation;
  if (mustSucceed && said !== 'applied' && process.alive)
    found.push(`${id} was told "${said}", all being well`);
  if (said === undefined) {
    if (process.alive) found.push(`${id} was never answered`);
  } else if (said === 'applied') {
    if (landed === undefined) found.push(`${id} was acknowledged and is not in the history`);
    else if (landed.atMs > answeredMs) found.push(`${id} was acknowledged before it landed`);
  } else if (NOT_APPLIED.includes(said)) {
    if (landed !== undefined) found.push(`${id} was told "${said}" and is in the history`);
  } else if (said !== 'outcome_unknown') {
    found.push(`${id} was told "${said}"`);
  }
  if (landed !== undefined && landed.atMs < askedMs) found.push(`${id} landed before it was asked for`);
}

/** A verdict must rest on what really was current at a moment between question and answer. */
function checkEvidence(
  { id, said, at, askedMs, answeredMs = 0 }: Operation,
  place: number | undefined,
  history: readonly Landed[],
  found: string[],
): void {
  if (at === undefined || at.count < 0) return;
  if (said === 'applied' && place !== undefined && place !== at.count) {
    found.push(`${id} was evaluated at ${at.count} and is at ${place}`);
  } else if (said !== 'applied' && !wasCurrent(at, askedMs, answeredMs, history)) {
    found.push(`${id} was told "${said}" because of ${JSON.stringify(at)}, which was not current meanwhile`);
  }
}

function wasCurrent(
  { count, last }: Position,
  fromMs: number,
  toMs: number,
  history: readonly Landed[],
): boolean {
  const newest = history[count - 1];
  if ((newest?.id ?? null) !== last) return false;
  const sinceMs = newest?.atMs ?? Number.NEGATIVE_INFINITY;
  const untilMs = history[count]?.atMs ?? Number.POSITIVE_INFINITY;
  return sinceMs <= toMs && fromMs <= untilMs;
}

function checkDeadline({ id, askedMs, answeredMs, limitMs, process }: Operation, found: string[]): void {
  if (answeredMs === undefined) return;
  const tookMs = answeredMs - askedMs;
  if (tookMs > limitMs + process.pausedMs + DEADLINE_SLACK_MS)
    found.push(`${id} took ${tookMs} ms of ${limitMs}`);
}

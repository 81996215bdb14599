import { isKittiwakeError } from '../../src/core/errors.ts';
import type { Wiki } from '../../src/wiki/wiki.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { Action, WikiRecords } from './wiki-records.ts';

/** Pages that all write to. Two lie below another one, and move and go with it. */
export const PAGES = ['home', 'alpha', 'beta', 'docs', 'docs/one', 'docs/two'];
const FILES = ['a.bin', 'b.bin'];
/** Texts keep the lines of so many earlier writers. */
const KEPT_LINES = 6;
const LARGE_BYTES = 34_000;

interface Wishing {
  wiki: Wiki;
  process: SimulatedProcess;
  records: WikiRecords;
  /** The part of attachments that is too large for the journal. */
  largeBlobs: number;
}

interface Seen {
  content: string;
  revision: string;
}

/** Makes up a change; what is changed is read before. Undefined: it could not be read. */
export async function wishFor(
  id: string,
  { wiki, process, records, largeBlobs }: Wishing,
): Promise<Action | undefined> {
  const { prng } = process;
  const path = prng.pick(PAGES);
  const kind = prng.random();
  if (kind < 0.1) return { kind: 'put', path, content: textFor(path, id, process) };
  if (kind < 0.22) return attachment(path, process, largeBlobs);
  if (kind < 0.25) return { kind: 'detach', path, filename: prng.pick(FILES) };
  const seen = await look(wiki, process, records, path);
  if (seen === 'unknown') return undefined;
  if (kind < 0.65 || seen === 'absent') return put(path, id, process, seen);
  if (kind < 0.72) return { kind: 'delete', path, revision: seen.revision, recursive: prng.chance(0.5) };
  if (kind < 0.85) return { kind: 'rename', path, newPath: other(path, process), revision: seen.revision };
  if (kind < 0.9) return { kind: 'restore', path, to: seen.revision };
  const also = prng.pick(PAGES.filter(page => page !== path));
  const second = await look(wiki, process, records, also);
  if (second === 'unknown') return undefined;
  return {
    kind: 'batch',
    parts: [
      put(path, id, process, seen),
      put(also, id, process, second),
      attachment(path, process, largeBlobs),
    ],
  };
}

function put(
  path: string,
  id: string,
  process: SimulatedProcess,
  seen: Seen | 'absent',
): Action & { kind: 'put' } {
  if (seen === 'absent') return { kind: 'put', path, content: textFor(path, id, process) };
  return { kind: 'put', path, content: textFor(path, id, process, seen.content), revision: seen.revision };
}

function attachment(
  path: string,
  { prng }: SimulatedProcess,
  largeBlobs: number,
): Action & { kind: 'attach' } {
  const bytes = prng.bytes(prng.chance(largeBlobs) ? LARGE_BYTES : prng.int(1, 400));
  return { kind: 'attach', path, filename: prng.pick(FILES), bytes };
}

function other(path: string, { prng }: SimulatedProcess): string {
  return prng.pick([...PAGES, 'spare', 'docs/three'].filter(page => page !== path));
}

/** A page that links to two others and ends with the id of its writer. */
function textFor(path: string, id: string, { prng }: SimulatedProcess, before = ''): string {
  const kept = before
    .split('\n')
    .filter(line => line.startsWith('- '))
    .slice(-KEPT_LINES);
  const links = [prng.pick(PAGES), prng.pick(PAGES)].map(page => `[[${page}]]`).join(' and ');
  return [`# ${path}`, '', links, '', ...kept, `- ${id}`, ''].join('\n');
}

async function look(
  wiki: Wiki,
  process: SimulatedProcess,
  records: WikiRecords,
  path: string,
): Promise<Seen | 'absent' | 'unknown'> {
  const askedMs = process.nowMs;
  const note = (blob: string | null, revision: string | null) =>
    records.sightings.push({ path, askedMs, answeredMs: process.nowMs, blob, revision });
  try {
    const { body, blob } = await wiki.readPage(path);
    note(blob, body.revision);
    return { content: body.content, revision: body.revision };
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    if (error.code === 'page_not_found') {
      note(null, null);
      return 'absent';
    }
    records.failures.push({
      what: 'reading',
      code: error.code,
      message: error.message,
      tookMs: process.nowMs - askedMs,
    });
    return 'unknown';
  }
}

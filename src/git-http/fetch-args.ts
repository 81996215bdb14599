import type { Oid } from '../git/object/objects.ts';
import { type ContentFilter, NO_FILTER } from '../git/outgoing/tree-selection.ts';
import { gitRequestInvalid, gitUnsupported } from './errors.ts';

/** What `fetch` asks for (gitprotocol-v2(5)). */
export interface FetchArgs {
  wants: ReadonlySet<Oid>;
  haves: ReadonlySet<Oid>;
  done: boolean;
  waitForDone: boolean;
  thin: boolean;
  ofsDelta: boolean;
  progress: boolean;
  includeTag: boolean;
  filter: ContentFilter;
  /** Where the client's history ends. */
  shallow: ReadonlySet<Oid>;
  depth: number | undefined;
  relative: boolean;
  since: number | undefined;
  not: readonly string[];
}

const FLAGS = new Set([
  'done',
  'wait-for-done',
  'thin-pack',
  'ofs-delta',
  'no-progress',
  'include-tag',
  'deepen-relative',
  'sideband-all',
]);
const VALUED = /^(want|have|shallow|deepen|deepen-since|deepen-not|filter|packfile-uris) (.+)$/;
const OID = /^[0-9a-f]{40}$/;
/** What git sends for all of a history. */
const INFINITE_DEPTH = 0x7fffffff;

/** @throws KittiwakeError `git_request_invalid`, `git_request_unsupported` */
export function parseFetch(lines: readonly string[]): FetchArgs {
  const flags = new Set<string>();
  const values = new Map<string, Set<string>>();
  for (const line of lines) {
    if (FLAGS.has(line)) {
      flags.add(line);
      continue;
    }
    const [, name, value] = VALUED.exec(line) ?? [];
    if (name === undefined || value === undefined)
      throw gitRequestInvalid(`${JSON.stringify(line.slice(0, 100))} is nothing to fetch with`);
    const known = values.get(name);
    if (known) known.add(value);
    else values.set(name, new Set([value]));
  }
  const numbers = numbersOf(values);
  return {
    wants: oids(values, 'want'),
    haves: oids(values, 'have'),
    done: flags.has('done'),
    waitForDone: flags.has('wait-for-done'),
    thin: flags.has('thin-pack'),
    ofsDelta: flags.has('ofs-delta'),
    progress: !flags.has('no-progress'),
    includeTag: flags.has('include-tag'),
    filter: filterOf(values.get('filter')),
    shallow: oids(values, 'shallow'),
    ...numbers,
    relative: flags.has('deepen-relative'),
    not: [...(values.get('deepen-not') ?? [])],
  };
}

function oids(values: ReadonlyMap<string, ReadonlySet<string>>, name: string): ReadonlySet<Oid> {
  const found = values.get(name) ?? new Set<Oid>();
  for (const oid of found)
    if (!OID.test(oid)) throw gitRequestInvalid(`${JSON.stringify(oid.slice(0, 100))} is no object id`);
  return found;
}

function numbersOf(values: ReadonlyMap<string, ReadonlySet<string>>): Pick<FetchArgs, 'depth' | 'since'> {
  const number = (name: string) => {
    const [text] = values.get(name) ?? [];
    if (text === undefined) return undefined;
    if (!/^\d{1,12}$/.test(text))
      throw gitRequestInvalid(`${name} is ${JSON.stringify(text)}, wanted a number`);
    return Number(text);
  };
  const depth = number('deepen');
  if (depth === 0) throw gitRequestInvalid('deepen is 0, wanted a number above it');
  const since = number('deepen-since');
  if (depth !== undefined && (since !== undefined || values.has('deepen-not')))
    throw gitRequestInvalid('deepen goes with neither deepen-since nor deepen-not');
  return { depth: depth !== undefined && depth >= INFINITE_DEPTH ? Number.POSITIVE_INFINITY : depth, since };
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

function filterOf(given: ReadonlySet<string> | undefined): ContentFilter {
  const [text, ...others] = given ?? [];
  if (text === undefined) return NO_FILTER;
  if (others.length > 0) throw gitRequestInvalid('it has two filters');
  if (text === 'blob:none') return { blobs: false, trees: true };
  if (text === 'tree:0') return { blobs: false, trees: false };
  const [, digits, unit = ''] = /^blob:limit=(\d{1,12})([kmg]?)$/i.exec(text) ?? [];
  if (digits !== undefined)
    return { blobs: true, trees: true, maxBlobBytes: Number(digits) * (UNITS[unit.toLowerCase()] ?? 1) };
  throw gitUnsupported(
    `the filter ${JSON.stringify(text.slice(0, 100))} is not known here, only blob:none, blob:limit=N and tree:0`,
  );
}

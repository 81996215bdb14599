import { endsWith } from './leaf-match.ts';
import type { Leaf } from './ranked-query.ts';
import { type PlacedWord, placedWords } from './words.ts';

/** A part of a page with the places where it was found. */
export interface Highlight {
  field: 'title' | 'body';
  text: string;
  /** Start and end of each, in UTF-16 units of `text`; in order, none in another. */
  ranges: [start: number, end: number][];
}

/** Of a text, in UTF-16 units: how far it is looked through. */
const MAX_SCANNED = 1 << 18;
const MAX_OCCURRENCES = 200;
const MAX_FRAGMENTS = 2;
/** Of a fragment. */
const BEFORE = 60;
const LENGTH = 240;

interface Occurrence {
  start: number;
  end: number;
  leaf: number;
}

/** What of a page shows why it was found: its name where something is in it, then the parts of the text with most of the query. */
export function highlightsOf(leaves: readonly Leaf[], name: string, body: string): Highlight[] {
  const highlights: Highlight[] = [];
  const inName = occurrencesIn(name, leaves);
  if (inName.length > 0)
    highlights.push({ field: 'title', text: name, ranges: rangesOf(inName, 0, name.length) });
  const texts = leaves.map(leaf => (leaf.field === 'title' ? undefined : leaf));
  const inBody = occurrencesIn(body, texts);
  const windows = inBody.length > 0 ? bestWindows(inBody) : [0];
  for (const start of windows.sort((a, b) => a - b)) highlights.push(fragment(body, start, inBody));
  return highlights;
}

function occurrencesIn(text: string, leaves: readonly (Leaf | undefined)[]): Occurrence[] {
  const found: Occurrence[] = [];
  const longest = Math.max(1, ...leaves.map(leaf => leaf?.words.length ?? 1));
  const seen: PlacedWord[] = [];
  for (const placed of placedWords(text)) {
    if (placed.start > MAX_SCANNED || found.length >= MAX_OCCURRENCES) break;
    seen.push(placed);
    if (seen.length > longest) seen.shift();
    for (const [leaf, sought] of leaves.entries()) {
      const first = sought && endsWith(seen, sought);
      if (first) found.push({ start: first.start, end: placed.end, leaf });
    }
  }
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Starts of the windows in which most of the query is found; at most {@link MAX_FRAGMENTS}, which do not overlap. */
function bestWindows(found: readonly Occurrence[]): number[] {
  const windows = found.map(({ start }, index) => {
    const from = Math.max(0, start - BEFORE);
    const inside = found.slice(index).filter(each => each.end <= from + LENGTH);
    return { from, leaves: new Set(inside.map(({ leaf }) => leaf)) };
  });
  const chosen: typeof windows = [];
  const known = new Set<number>();
  while (chosen.length < MAX_FRAGMENTS) {
    const free = windows.filter(({ from }) => chosen.every(other => Math.abs(other.from - from) >= LENGTH));
    const gain = ({ leaves }: (typeof windows)[number]) =>
      [...leaves].filter(leaf => !known.has(leaf)).length;
    const best = free.reduce((a, b) => (gain(b) > gain(a) ? b : a), free[0] as (typeof windows)[number]);
    if (best === undefined) break;
    chosen.push(best);
    for (const leaf of best.leaves) known.add(leaf);
  }
  return chosen.map(({ from }) => from);
}

function fragment(body: string, from: number, found: readonly Occurrence[]): Highlight {
  const start = from > 0 && isLow(body, from) ? from - 1 : from;
  const end = Math.min(body.length, isLow(body, start + LENGTH) ? start + LENGTH - 1 : start + LENGTH);
  const text = Buffer.from(body.slice(start, end)).toString('utf8');
  return { field: 'body', text, ranges: rangesOf(found, start, end) };
}

function rangesOf(found: readonly Occurrence[], from: number, to: number): Highlight['ranges'] {
  const ranges: Highlight['ranges'] = [];
  for (const { start, end } of found) {
    if (start < from || end > to) continue;
    const last = ranges.at(-1);
    if (last && start - from < last[1]) last[1] = Math.max(last[1], end - from);
    else ranges.push([start - from, end - from]);
  }
  return ranges;
}

/** The second half of a pair. */
function isLow(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

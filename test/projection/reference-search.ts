/** Section 10 of the API contract, written down as plainly as possible; and the same in Python. */

import { spawnSync } from 'node:child_process';
import { comparePaths } from '../../src/git/object/paths.ts';
import type { SearchResult } from '../../src/projection/search-pages.ts';

export interface ReferencePage {
  path: string;
  name: string;
  body: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: some of them are white space to Python
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

export function referenceSearch(pages: readonly ReferencePage[], request: string): SearchResult[] {
  const query = pythonStrip(request);
  const whole = query.toLowerCase();
  const terms = whole.split(SPACE).filter(Boolean);
  const count = terms.length;
  const results: SearchResult[] = [];
  for (const page of [...pages].sort((a, b) => comparePaths(a.path, b.path))) {
    const [name, body] = [page.name.toLowerCase(), page.body.toLowerCase()];
    const title = terms.filter(term => name.includes(term)).length + (name.includes(whole) ? count : 0);
    const found = terms.reduce((sum, term) => sum + body.split(term).length - 1, 0);
    const text = found + (body.includes(whole) ? count : 0);
    if (title === 0 && text === 0) continue;
    const score = pythonRound(Math.min(1, (3 * title + Math.min(text, 2 * count)) / (4 * count)));
    results.push({
      name: page.name,
      path: page.path,
      score,
      snippet: referenceSnippet(page.body, whole, terms[0] ?? ''),
    });
  }
  return results.sort((a, b) => b.score - a.score);
}

/** With whole numbers, and so exactly. For 0, and from 0.001 to 1: those are multiples of 2^-62. */
export function pythonRound(value: number): number {
  const scaled = BigInt(value * 2 ** 62) * 100n;
  const unit = 2n ** 62n;
  const [below, rest] = [scaled / unit, scaled % unit];
  const isUp = rest * 2n > unit || (rest * 2n === unit && below % 2n === 1n);
  return Number(isUp ? below + 1n : below) / 100;
}

function referenceSnippet(body: string, whole: string, first: string): string {
  const characters = [...body];
  const lower = characters.flatMap((character, index) =>
    [...lowered(body, characters, index)].map(piece => ({ piece, index, character })),
  );
  const text = lower.map(({ piece }) => piece);
  for (const sought of [whole, first]) {
    const at = indexOfSequence(text, [...sought]);
    if (at < 0) continue;
    const matchStart = lower[at]?.index ?? 0;
    const matchEnd = lower[at + [...sought].length]?.index ?? characters.length;
    const [start, end] = [Math.max(0, matchStart - 50), Math.min(characters.length, matchEnd + 150)];
    const cut = pythonStrip(characters.slice(start, end).join(''));
    return `${start > 0 ? '...' : ''}${cut}${end < characters.length ? '...' : ''}`;
  }
  return '';
}

/** One character of the text in lower case; the form of sigma depends on what stands around it. */
function lowered(body: string, characters: readonly string[], index: number): string {
  const character = characters[index] ?? '';
  if (character !== 'Σ') return character.toLowerCase();
  const before = characters.slice(0, index).join('').length;
  const dots = body.slice(0, before).split('İ').length - 1;
  return body.toLowerCase()[before + dots] ?? '';
}

function indexOfSequence(text: readonly string[], sought: readonly string[]): number {
  for (let at = 0; at + sought.length <= text.length; at += 1) {
    if (sought.every((piece, index) => text[at + index] === piece)) return at;
  }
  return -1;
}

export function pythonStrip(text: string): string {
  const characters = [...text];
  const isBlank = (character: string | undefined) => character !== undefined && SPACE.test(character);
  while (isBlank(characters[0])) characters.shift();
  while (isBlank(characters.at(-1))) characters.pop();
  return characters.join('');
}

const PYTHON = `
import json, sys, unicodedata
job = json.load(sys.stdin)

def snippet(body, whole, first):
    low = body.lower()
    # Where each character of the lower-cased text comes from.
    origin = [i for i, c in enumerate(body) for _ in (c.lower() if c != '\\u03a3' else 's')] + [len(body)]
    for sought in (whole, first):
        at = low.find(sought)
        if at >= 0:
            start, end = max(0, origin[at] - 50), min(len(body), origin[at + len(sought)] + 150)
            return ('...' if start > 0 else '') + body[start:end].strip() + ('...' if end < len(body) else '')
    return ''

def search(pages, request):
    query = request.strip()
    whole, terms = query.lower(), query.lower().split()
    count, results = len(terms), []
    for page in sorted(pages, key=lambda page: page['path']):
        name, body = page['name'].lower(), page['body'].lower()
        title = sum(1 for term in terms if term in name) + (count if whole in name else 0)
        text = sum(body.count(term) for term in terms) + (count if whole in body else 0)
        if title or text:
            score = round(min(1.0, (3 * title + min(text, 2 * count)) / (4 * count)), 2)
            results.append({'name': page['name'], 'path': page['path'], 'score': score,
                            'snippet': snippet(page['body'], whole, terms[0])})
    return sorted(results, key=lambda result: -result['score'])

def blocks():
    known = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) not in ('Cn', 'Cs', 'Co')]
    return [' '.join(known[start:start + 256]) for start in range(0, len(known), 256)]

json.dump({
    'searches': [[search(case['pages'], query) for query in case['queries']] for case in job.get('cases', [])],
    'rounded': [round(float(value), 2) for value in job.get('values', [])],
    'lowered': [text.lower() for text in job.get('texts', [])],
    'everyCharacter': [(text, text.lower()) for text in blocks()] if job.get('everyCharacter') else [],
}, sys.stdout)
`;

export interface PythonJob {
  /** To search for each query in the pages beside it. */
  cases?: readonly { pages: readonly ReferencePage[]; queries: readonly string[] }[];
  /** To round to hundredths. */
  values?: readonly number[];
  /** To lower-case. */
  texts?: readonly string[];
  /** To lower-case every character that this Python's Unicode has. */
  everyCharacter?: boolean;
}

export interface PythonAnswers {
  searches: SearchResult[][][];
  rounded: number[];
  lowered: string[];
  everyCharacter: [text: string, lowered: string][];
}

export function askPython(job: PythonJob): PythonAnswers {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', PYTHON], {
    input: JSON.stringify(job),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`python3 failed: ${stderr}`);
  return JSON.parse(stdout) as PythonAnswers;
}

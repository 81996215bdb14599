import fc from 'fast-check';
import type { Rule } from '../../../src/auth/policy/policy.ts';
import type { Principal } from '../../../src/auth/principal.ts';

export const PAGES = [
  'open',
  'secret',
  'secret/plan',
  'secret/deep/x',
  'docs',
  'docs/a',
  'docs/b',
  'other/c',
];
const ATTACHMENTS = ['secret/pic.png', 'docs/a/pic.png', 'docs/file.bin', 'open/pic.png'];
const PLACES = ['', 'secret', 'secret/deep', 'docs', 'docs/a', 'docs/file.bin', 'other', 'open'];

/** One commit: content numbers by path, null to remove. */
export type Edit = Readonly<Record<string, number | null>>;

const subjects = fc.constantFrom<readonly string[]>([], ['group:x'], ['APPROVED'], ['user:me'], ['ADMIN']);

export const rules: fc.Arbitrary<Rule[]> = fc.uniqueArray(
  fc
    .record(
      { path: fc.constantFrom(...PLACES), read: subjects, write: subjects, upload: subjects },
      { requiredKeys: ['path'] },
    )
    .map(rule => rule as unknown as Rule),
  { maxLength: 4, selector: rule => rule.path },
);

export const principals: fc.Arbitrary<Partial<Principal>> = fc.oneof(
  fc.constantFrom<Partial<Principal>>(
    { names: [] },
    { names: ['group:x'] },
    { names: ['user:me'] },
    { standing: 'anonymous', names: [] },
    { standing: 'admin' },
  ),
  fc.constantFrom('docs', 'secret', 'docs/a').map(
    (prefix): Partial<Principal> => ({
      standing: 'operator',
      scope: { rights: ['read', 'write', 'upload'], prefix },
    }),
  ),
);

const files = [...PAGES.map(page => `${page}.md`), ...ATTACHMENTS];

const edit: fc.Arbitrary<Edit> = fc.dictionary(
  fc.constantFrom(...files),
  fc.option(fc.nat({ max: 6 }), { freq: 3 }),
  { minKeys: 1, maxKeys: 4 },
);

export const edits = fc.array(edit, { minLength: 1, maxLength: 10 });

/** What a file holds: words of its own, some that all have, and links. Alike for one number, so that files can move. */
export function contentOf(number: number): string {
  const links = PAGES.filter((_, index) => (number + index) % 3 === 0).map(page => `[[${page}]]`);
  return `---\ntags: t${number % 2}\n---\n# Title ${number}\n${`gull canary${number} `.repeat(8)}\n${links.join(' ')}\n`;
}

/** Leaves out what changes nothing in files that are as given; which then are as they are afterwards. */
export function effective(change: Edit, now: Map<string, number>): Edit {
  const left: Record<string, number | null> = {};
  for (const [path, to] of Object.entries(change)) {
    if ((now.get(path) ?? null) === to) continue;
    left[path] = to;
    if (to === null) now.delete(path);
    else now.set(path, to);
  }
  return left;
}

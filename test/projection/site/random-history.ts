import fc from 'fast-check';

/** One thing that happens to a wiki. */
export type Step =
  | { kind: 'commit'; files: Record<string, string | null>; message: string }
  | { kind: 'rename'; from: string; to: string }
  | { kind: 'rules'; hidden: string[] };

const pages = ['home.md', 'a.md', 'b.md', 'a/b.md', 'a/c.md', 'd/e/f.md', 'd.md', 'z.md'];
const files = ['a/pic.png', 'd/e/data.csv', 'note.txt'];
const target = fc.constantFrom(
  ...['a', 'b', 'a/b', 'A/C', 'd', 'd/e', 'D/E', 'd/e/f', 'home', 'nowhere'],
  ...['a/pic.png', 'A/pic.png', 'A/a/pic.png', 'D/E/a/data.csv'],
);
const word = fc.constantFrom('gull', 'tern', 'auk', 'skua', 'Möwe');

const line = fc.oneof(
  word,
  target.map(path => `see [[${path}]]`),
  target.map(path => `see [it](/${path})`),
  target.map(path => `![](/${path})`),
  target.map(path => `{{Include|${path}}}`),
  fc.constantFrom('{{PageIndex}}', '{{AttachmentList}}', '## Heading', '![[a/b]]'),
);
const title = fc.option(fc.constantFrom('Gulls', 'Terns', 'Auks'), { nil: undefined });
const text = fc
  .tuple(title, fc.array(line, { maxLength: 4 }))
  .map(([name, lines]) => `${name === undefined ? '' : `---\ntitle: ${name}\n---\n`}${lines.join('\n\n')}\n`);

const change = fc.oneof(
  fc.tuple(fc.constantFrom(...pages), fc.option(text, { nil: null, freq: 4 })),
  fc.tuple(fc.constantFrom(...files), fc.option(word, { nil: null, freq: 3 })),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.array(change, { minLength: 1, maxLength: 3 }), word)
      .map(
        ([changes, message]) => ({ kind: 'commit', files: Object.fromEntries(changes), message }) as const,
      ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('rename' as const),
      from: fc.constantFrom(...pages),
      to: fc.constantFrom(...pages),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('rules' as const),
      hidden: fc.uniqueArray(fc.constantFrom('a', 'a/b', 'd', 'd/e', 'home'), { maxLength: 2 }),
    }),
  },
);

/** What happens between two runs of a projection, some times. */
export const randomHistory: fc.Arbitrary<Step[][]> = fc.array(
  fc.array(step, { minLength: 1, maxLength: 3 }),
  {
    minLength: 1,
    maxLength: 6,
  },
);

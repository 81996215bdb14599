import { readFile } from 'node:fs/promises';
import { tests } from 'commonmark-spec';
import { expect, test } from 'vitest';
import { canonical } from './canonical.ts';
import { COMMONMARK_DEVIATIONS } from './deviations.ts';
import { html } from './rendered.ts';

test('the examples of CommonMark come out as specified, but for the listed deviations', async () => {
  const deviating: number[] = [];
  for (const example of tests) {
    const result = canonical(await html(withTabs(example.markdown)));
    if (result !== canonical(withTabs(example.html))) deviating.push(example.number);
  }
  expect(deviating).toEqual(Object.keys(COMMONMARK_DEVIATIONS).map(Number));
  expect(tests.length).toBe(652);
});

test('the documentation lists the same deviations', async () => {
  const documentation = await readFile(new URL('../../docs/rendering.md', import.meta.url), 'utf8');
  const byReason = Map.groupBy(Object.entries(COMMONMARK_DEVIATIONS), ([, reason]) => reason);
  for (const [reason, examples] of byReason)
    expect(documentation).toContain(`| ${reason} | ${examples.map(([number]) => number).join(', ')} |`);
  const conforming = tests.length - Object.keys(COMMONMARK_DEVIATIONS).length;
  expect(documentation).toContain(`${conforming} come out as specified`);
});

/** The specification writes them as arrows. */
function withTabs(text: string): string {
  return text.replaceAll('→', '\t');
}

import { expect, onTestFinished, test } from 'vitest';
import { openMcpWiki } from '../mcp-wiki.ts';
import { NOT_APPLICABLE } from './not-applicable.ts';
import { runSuite } from './run-suite.ts';

/** The suite sends no token. */
const OPEN = {
  KITTIWAKE_READ_ACCESS: 'ANONYMOUS',
  KITTIWAKE_WRITE_ACCESS: 'ANONYMOUS',
  KITTIWAKE_ATTACHMENT_ACCESS: 'ANONYMOUS',
};

test.each([
  [
    '2025-11-25',
    [
      'server-initialize',
      'ping',
      'tools-list',
      'resources-list',
      'completion-complete',
      'dns-rebinding-protection',
    ],
  ],
  [
    '2026-07-28',
    [
      'tools-list',
      'resources-list',
      'completion-complete',
      'server-sse-multiple-streams',
      'http-header-validation',
      'dns-rebinding-protection',
    ],
  ],
])(
  'the official suite for %s finds nothing but what is not there on purpose',
  async (revision, whole) => {
    const wiki = await openMcpWiki(OPEN, onTestFinished);
    await wiki.write('Home', '# Hello\n');
    const found = await runSuite(`${wiki.url}/mcp`, revision);
    const failed = [...found].flatMap(([scenario, checks]) =>
      checks.filter(({ status }) => status === 'FAILURE').map(({ id }) => `${scenario}: ${id}`),
    );
    const expected = NOT_APPLICABLE.flatMap(({ revisions, checks }) =>
      revisions.includes(revision) ? checks : [],
    );
    expect(failed.toSorted()).toEqual(expected.toSorted());
    // Those that need nothing of the suite's own server are passed as they are.
    for (const scenario of whole) {
      const told = found.get(scenario)?.filter(({ status }) => status !== 'INFO');
      const statuses = new Set(told?.map(({ status }) => status));
      expect([scenario, ...statuses]).toEqual([scenario, 'SUCCESS']);
    }
  },
  120_000,
);

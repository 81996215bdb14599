import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KittiwakeError } from '../../src/core/errors.ts';
import { publicText, STATUS, shownData, statusOf } from '../../src/http/status.ts';

/** Makes anew what a thread has thrown, whose place is seen. */
const RESTORING = 'src/import/engine/worker-lane.ts';

/** Folders whose errors never cross HTTP: the command line prints them. */
const NOT_SERVED = ['src/cli/'];

const source = new URL('../../src/', import.meta.url).pathname;
const files = globSync('**/*.ts', { cwd: source }).map(file => ({
  file: `src/${file}`,
  text: readFileSync(join(source, file), 'utf8'),
}));

function codesIn(text: string): string[] {
  return [...text.matchAll(/new KittiwakeError\(\s*'(\w+)'/g)].map(match => match[1] ?? '');
}

describe('the map from error codes to statuses', () => {
  test('knows every code that the modules have', () => {
    const served = files.filter(({ file }) => !NOT_SERVED.some(folder => file.startsWith(folder)));
    const codes = served.flatMap(({ text }) => codesIn(text));
    expect(codes.length).toBeGreaterThan(40);
    expect(codes.filter(code => STATUS[code] === undefined)).toEqual([]);
  });

  test('sees every place where an error is made', () => {
    const dynamic = files
      .filter(({ text }) => /new KittiwakeError\((?!\s*')/.test(text))
      .map(({ file }) => file);
    const known = [
      'src/core/errors.ts',
      RESTORING,
      'src/storage/errors.ts',
      'src/wiki/errors.ts',
      'src/wiki/landing/errors.ts',
    ];
    expect(dynamic.sort()).toEqual(known);
  });

  test('answers an unknown code as an internal error', () => {
    expect(statusOf(new KittiwakeError('new_code', 'New'))).toBe(500);
  });

  test('shows of the data only what is meant to be shown', () => {
    const data = { current_revision: 'a', index: 0, key: 'ledger/1', file: '/srv/data/x' };
    expect(shownData(new KittiwakeError('x', 'X', { data }))).toEqual({ current_revision: 'a', index: 0 });
  });

  test('names no stored object', () => {
    const error = new KittiwakeError('contention', 'Writing "ledger/123": gave up');
    expect(publicText(error)).not.toContain('ledger/123');
  });
});

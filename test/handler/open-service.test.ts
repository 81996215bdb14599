import { expect, test } from 'vitest';
import { PROJECTION_SETTINGS } from '../../src/core/projection-settings.ts';
import { SETTINGS } from '../../src/core/settings.ts';
import { READ_ON_USE } from '../../src/handler/open-service.ts';

test('the names of settings that are read on use are known without their table, and no others', () => {
  const names = (rows: object): string[] =>
    Object.values(rows).flatMap(({ variables }) =>
      variables.filter((name: string) => name.startsWith('KITTIWAKE_')),
    );
  expect(names(PROJECTION_SETTINGS).filter(name => !READ_ON_USE.test(name))).toEqual([]);
  expect(names(SETTINGS).filter(name => READ_ON_USE.test(name))).toEqual([]);
});

import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/cli.ts';

/**
 * The ways to a database. Whoever opens one a new way has to say here how that makes sure of the schema, and whoever comes by a
 * handle, that it asks for it.
 */
const DRIVERS: Record<string, string> = {
  'db/sqlite.ts': 'gives handles whose `ensure` compares and migrates',
  'db/process-lock.ts': 'a lock: the file holds no table',
  'db/postgres/server.ts': 'gives connections to the states of PostgreSQL only',
  'db/postgres/session.ts': 'types; a connection that was given',
};

const HANDLES: Record<string, string> = {
  'projection/search-store.ts': 'ensures the schema before anybody gets the store',
  'projection/index-file.ts': 'names of errors; opens by the store',
  'projection/search-statements.ts': 'types; statements on a handle that is ensured',
  'projection/ranked/word-store.ts': 'types; statements on a handle that is ensured',
  'db/process-lock.ts': 'names of errors',
  'db/state/file-state.ts': 'transactions ensure the schema first',
  'db/state/lent-state.ts': 'types; lends a handle that is ensured',
  'db/state/open-image.ts': 'transactions ensure the schema first',
  'db/state/snapshot-state.ts': 'types; transactions ensure the schema first',
  'db/state/transactions.ts': 'ensures the schema before each piece of work',
  'lazy/databases.ts': 'plans migrations, and reads nothing else',
};

const SERVERS: Record<string, string> = {
  'db/postgres/postgres-state.ts': 'ensures the schema before it reads or writes',
  'db/postgres/schema.ts': 'is what compares and migrates',
  'db/postgres/drop-schema.ts': 'removes a schema, whatever it is like',
  'lazy/environment.ts': 'types',
  'lazy/state.ts': 'hands it to the states',
  'lazy/tenant-admin.ts': 'hands it to the removal of schemas',
};

const STATES: Record<string, string> = {
  'lazy/state.ts': 'chooses the engine: all of them ensure',
};

/** What finds or loads modules by names that are not in the source. */
const BY_NAME: Record<string, string> = {
  'plugin/load.ts':
    'finds plugins by the names that an operator lists; nothing of this project is among them',
};

const sources = globSync('**/*.ts', { cwd: join(ROOT, 'src') }).map(path => ({
  path,
  text: readFileSync(join(ROOT, 'src', path), 'utf8'),
}));

const IMPORT = /(?:\bfrom|\bimport\(|\bimport|\brequire\()\s*['"]([^'"]+)['"]/g;

/** The files that import what `imported` matches, statically or by call, values or types. */
function importers(imported: RegExp): string[] {
  const names = ({ path, text }: (typeof sources)[number]) =>
    [...text.matchAll(IMPORT)].map(([, name = '']) =>
      name.startsWith('.') ? join(dirname(path), name) : name,
    );
  return sources
    .filter(source => names(source).some(name => imported.test(name)))
    .map(({ path }) => path)
    .sort();
}

describe('a way to the database', () => {
  it.each<[string, RegExp, Record<string, string>]>([
    ['by a driver', /^(better-sqlite3|pg|node:sqlite)(\/|$)/, DRIVERS],
    ['by a handle of SQLite', /^db\/sqlite\.ts$/, HANDLES],
    ['by connections to PostgreSQL', /^db\/postgres\/server\.ts$/, SERVERS],
    ['by a state', /^db\/.*(file|snapshot|postgres)-state\.ts$/, STATES],
  ])('%s is one of those that are known to ensure the schema', (_, imported, known) => {
    expect(importers(imported)).toEqual(Object.keys(known).sort());
  });

  it('is not made past the driver, by a module that is loaded by its name', () => {
    const hidden = sources.filter(({ text }) => /createRequire|getBuiltinModule\(['"]node:sqlite/.test(text));
    expect(hidden.map(({ path }) => path)).toEqual(Object.keys(BY_NAME));
  });
});

import { beforeEach, expect, it } from 'vitest';
import { filesBelow } from '../support/data-folder.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { postgresForTest } from '../support/postgres.ts';
import { runHere } from '../support/run-here.ts';

let url = '';
beforeEach(ctx => {
  ({ url } = postgresForTest(ctx));
});

it('with DATABASE_URL the databases of all wikis, and of the server, lie in PostgreSQL, each in its own schema', async () => {
  const data = temporaryFolder();
  const env = { KITTIWAKE_DATA: data, KITTIWAKE_TENANTS: 'path:/w', DATABASE_URL: url };
  for (const name of ['one', 'two']) {
    expect(await runHere(['tenant', 'create', name], env)).toMatchObject({ code: 0 });
  }
  const migrated = await runHere(['migrate', '--create'], env);
  expect(migrated).toMatchObject({ code: 0, out: expect.stringMatching(/"two".*: applied 0001-users/) });
  const { code, out } = await runHere(['db', 'status', '--json'], env);
  const databases = out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  expect([code, databases.map(({ wiki, engine, exists }) => [wiki, engine, exists])]).toEqual([
    0,
    [
      [undefined, 'postgres', true],
      ['one', 'postgres', true],
      ['two', 'postgres', true],
    ],
  ]);
  const schemas = databases.map(({ location }) => / schema (kittiwake_.+)$/.exec(location)?.[1]);
  expect(new Set(schemas).size).toBe(3);
  expect(schemas[0]).toBe('kittiwake_server');
  expect(out + migrated.out).not.toContain(new URL(url).password);
  expect(Object.keys(filesBelow(data)).filter(path => path.startsWith('state/'))).toEqual([]);
});

it('a server of databases that is not there is told of, and the pages do without it', async () => {
  const data = temporaryFolder();
  const env = { KITTIWAKE_DATA: data, DATABASE_URL: 'postgres://kittiwake:secret@127.0.0.1:9/none' };
  expect(await runHere(['wiki', 'create'], env)).toMatchObject({ code: 0 });
  expect(await runHere(['doctor'], env)).toMatchObject({ code: 0 });
  const { code, err } = await runHere(['db', 'status'], env);
  expect([code, err]).toEqual([
    1,
    expect.stringMatching(/127\.0\.0\.1:9.*ECONNREFUSED.*\(database_unavailable\)\n$/),
  ]);
  expect(err).not.toContain('secret');
});

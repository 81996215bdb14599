import { copyFileSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { createData, filesBelow } from '../support/data-folder.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { runHere } from '../support/run-here.ts';
import { servedBucket } from '../support/s3-cli.ts';

/** A wiki without users, where its state is to be, and commands on it. */
async function prepare() {
  const data = realpathSync(temporaryFolder());
  const { uuid } = await createData(data);
  const run = (args: string[]) => runHere(args, { KITTIWAKE_DATA: data });
  return { data, file: join(data, 'state', `${uuid}.sqlite`), run };
}

function alter(file: string, statement: string): void {
  const database = new Database(file);
  database.exec(statement);
  database.close();
}

it('migrate makes no database that nobody asks for, and db status says that there is none', async () => {
  const { data, file, run } = await prepare();
  const before = filesBelow(data);
  const migrated = await run(['migrate']);
  expect([migrated.code, migrated.out]).toEqual([
    0,
    `users and audit log of the wiki "main", ${file}: not there yet; its first write makes it\n`,
  ]);
  const dry = await run(['migrate', '--create', '--dry-run']);
  expect([dry.code, dry.out]).toEqual([0, expect.stringMatching(/: would apply 0001-users.*\n$/)]);
  const status = await run(['db', 'status']);
  expect([status.code, status.out]).toEqual([
    0,
    `users and audit log of the wiki "main", ${file} (file): not there yet\n`,
  ]);
  expect(filesBelow(data)).toEqual(before);
});

it('migrate brings a database up to date once, and db status tells of each migration', async () => {
  const { file, run } = await prepare();
  const made = await run(['migrate', '--create']);
  expect([made.code, made.out]).toEqual([0, expect.stringMatching(/: applied 0001-users.*\n$/)]);
  const again = await run(['migrate']);
  expect(again.out).toMatch(/: up to date\n$/);
  const { code, out } = await run(['db', 'status', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    database: 'state',
    wiki: 'main',
    engine: 'file',
    location: file,
    exists: true,
    bytes: expect.any(Number),
    migrations: expect.arrayContaining([
      { name: '0001-users', state: 'applied', appliedMs: expect.any(Number) },
    ]),
  });
});

it('a database that another version made is told of, and left as it is', async () => {
  const { data, file, run } = await prepare();
  await run(['migrate', '--create']);
  alter(file, "insert into kittiwake_migration values ('state', '9999-later', 'x', 1000)");
  const before = filesBelow(join(data, 'state'));
  for (const args of [['migrate'], ['migrate', '--dry-run']]) {
    const { code, out } = await run([...args]);
    expect([code, out]).toEqual([1, expect.stringMatching(/: WRONG {2}.*"9999-later".*\(schema_newer\)\n$/)]);
  }
  const { code, out } = await run(['db', 'status']);
  expect([code, out]).toEqual([
    1,
    expect.stringContaining('  9999-later\tunknown\t1970-01-01T00:00:01.000Z\n'),
  ]);
  expect(out).toMatch(/\n {2}WRONG .*\(schema_newer\)\n$/);
  expect(filesBelow(join(data, 'state'))).toEqual(before);
});

it('db status tells of a search index where there is one', async () => {
  const { data, file, run } = await prepare();
  await run(['migrate', '--create']);
  mkdirSync(join(data, 'search'));
  copyFileSync(file, file.replace('/state/', '/search/'));
  const { code, out } = await run(['db', 'status']);
  expect(out).toMatch(
    /\nsearch index of the wiki "main", .*\n {2}0001-pages\tpending\n {2}0002-words\tpending\n$/,
  );
  expect(code).toBe(1);
});

it('in a bucket the database is one object', async () => {
  const bucket = await servedBucket();
  await bucket.done(['wiki', 'create']);
  expect(await bucket.done(['db', 'status'])).toMatch(/state\/[0-9a-f]{32} \(snapshot\): not there yet\n$/);
  expect(await bucket.done(['migrate', '--create'])).toMatch(/: applied 0001-users/);
  expect(await bucket.done(['migrate'])).toMatch(/: up to date\n$/);
  const status = JSON.parse(await bucket.done(['db', 'status', '--json']));
  expect(status).toMatchObject({ engine: 'snapshot', exists: true, bytes: expect.any(Number) });
});

it('of many wikis each has its databases brought up to date, and the server itself', async () => {
  const data = realpathSync(temporaryFolder());
  const env = { KITTIWAKE_DATA: data, KITTIWAKE_TENANTS: 'path:/w' };
  for (const name of ['one', 'two']) await runHere(['tenant', 'create', name], env);
  const { code, out } = await runHere(['migrate', '--create'], env);
  expect(code).toBe(0);
  expect(out.split('\n').map(line => line.replace(/,.*:/, ':'))).toEqual([
    'users and audit log of the server: up to date',
    expect.stringMatching('^users and audit log of the wiki "one": applied 0001-users'),
    expect.stringMatching('^users and audit log of the wiki "two": applied 0001-users'),
    '',
  ]);
});

import { sql } from 'kysely';
import type { Migration, MigrationSet } from '../../src/db/migration.ts';

export const birds: Migration = {
  name: '0001-birds',
  statements: database => [
    database.schema.createTable('bird').addColumn('name', 'text', column => column.notNull()),
    sql`insert into bird (name) values (${'kittiwake'})`,
  ],
};

export const nests: Migration = {
  name: '0002-nests',
  statements: database => [
    database.schema.createTable('nest').addColumn('bird', 'text'),
    sql`insert into bird (name) values ('puffin')`,
  ],
};

export function setOf(...migrations: Migration[]): MigrationSet {
  return { name: 'test', migrations };
}

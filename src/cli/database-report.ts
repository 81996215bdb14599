import type { ServiceDatabase } from '../lazy/databases.ts';

type Status = Awaited<ReturnType<ServiceDatabase['status']>>;

/** Whose it is and where. */
export function databaseTitle({ kind, wiki }: ServiceDatabase, { location }: Status): string {
  const owner = wiki === undefined ? 'the server' : `the wiki "${wiki}"`;
  return `${kind === 'state' ? 'users and audit log' : 'search index'} of ${owner}, ${location}`;
}

/** A line about the database, and one for each migration. */
export function databaseLines(database: ServiceDatabase, status: Status): string[] {
  const { exists, bytes, migrations, refusal } = status;
  const size = bytes === undefined ? '' : `, ${bytes} bytes`;
  const title = `${databaseTitle(database, status)} (${database.engine}${size})`;
  if (!exists) return [`${title}: not there yet`];
  return [
    title,
    ...migrations.map(({ name, state, appliedMs }) => {
      const when = appliedMs === undefined ? '' : `\t${new Date(appliedMs).toISOString()}`;
      return `  ${name}\t${state}${when}`;
    }),
    ...(refusal === undefined ? [] : [`  WRONG  ${refusal.message} (${refusal.code})`]),
  ];
}

/** The same for programs. Times are milliseconds since the epoch. */
export function databaseJson({ kind, wiki, engine }: ServiceDatabase, status: Status): string {
  const { refusal, ...rest } = status;
  const refused = refusal && { code: refusal.code, message: refusal.message };
  return JSON.stringify({ database: kind, wiki, engine, ...rest, refusal: refused });
}

/** Nothing is to be done: what is not there yet is made by its first write. */
export function isUpToDate({ exists, migrations, refusal }: Status): boolean {
  return !exists || (refusal === undefined && migrations.every(({ state }) => state === 'applied'));
}

import { isKittiwakeError } from '../core/errors.ts';
import { databasesOf, type ServiceDatabase } from '../lazy/databases.ts';
import type { Call, Command } from './command.ts';
import { databaseTitle } from './database-report.ts';
import { withService } from './open-service.ts';

export const migrate: Command = {
  name: 'migrate',
  operands: [],
  summary: 'Brings the databases of the wiki, or of all wikis, up to date',
  flags: [
    { flag: '--dry-run', description: 'Tells what would run, and changes nothing' },
    { flag: '--create', description: 'Makes databases, too, that are not there yet' },
  ],
  details:
    'Servers do it by themselves on their first use of a database, unless KITTIWAKE_SCHEMA is "assume". A database that cannot be brought up to date is left as it is, and the others are not: exit code 1.',
  async run(call) {
    return await withService(call, async service => {
      let code = 0;
      for await (const database of databasesOf({ service, ...call })) {
        if (!(await bring(database, call))) code = 1;
      }
      return code;
    });
  },
};

/** @returns false when it cannot be done */
async function bring(database: ServiceDatabase, { options, terminal }: Call): Promise<boolean> {
  if (database.migrate === undefined) return true;
  const status = await database.status();
  const title = databaseTitle(database, status);
  const tell = (what: string) => terminal.out(`${title}: ${what}`);
  if (!status.exists && !options.has('--create')) {
    tell('not there yet; its first write makes it');
    return true;
  }
  const pending = status.migrations.filter(({ state }) => state === 'pending').map(({ name }) => name);
  try {
    if (status.refusal) throw status.refusal;
    const isDry = options.get('--dry-run') === 'true';
    const names = isDry ? pending : await database.migrate();
    const done = isDry ? 'would apply' : 'applied';
    tell(names.length === 0 ? 'up to date' : `${done} ${names.join(', ')}`);
    return true;
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    tell(`WRONG  ${error.message} (${error.code})`);
    return false;
  }
}

import { databasesOf } from '../lazy/databases.ts';
import type { Command } from './command.ts';
import { databaseJson, databaseLines, isUpToDate } from './database-report.ts';
import { withService } from './open-service.ts';

export const dbStatus: Command = {
  name: 'db status',
  operands: [],
  summary: 'Shows the databases of the wiki, or of all wikis: engine, place, size, migrations',
  flags: [{ flag: '--json', description: 'One JSON object a line, with times in milliseconds' }],
  details: 'Changes nothing. Exit code 0: every database is up to date or not there yet; 1: one is not.',
  async run(call) {
    const { options, terminal } = call;
    return await withService(call, async service => {
      let code = 0;
      for await (const database of databasesOf({ service, ...call })) {
        const status = await database.status();
        if (!isUpToDate(status)) code = 1;
        if (options.has('--json')) terminal.out(databaseJson(database, status));
        else for (const line of databaseLines(database, status)) terminal.out(line);
      }
      return code;
    });
  },
};

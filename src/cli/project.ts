import type { Service } from '../lazy/app.ts';
import { runAll } from '../projection/run-all.ts';
import type { ProjectionRun, RunnableProjection } from '../projection/runnable.ts';
import type { Call, Command } from './command.ts';
import { projectionUnknown } from './errors.ts';
import { createLog, withService } from './open-service.ts';
import { ranJson, ranLine, statusLines } from './project-report.ts';

const JSON_FLAG = { flag: '--json', description: 'One JSON object a line, with times in milliseconds' };

export const projectStatus: Command = {
  name: 'project status',
  operands: [],
  summary: 'Tells how far search, site and messages follow the commits, and what was set aside',
  flags: [JSON_FLAG],
  details: 'Exit code 0: all are at the newest commit and nothing is set aside; 1: something is left to do.',
  async run(call) {
    const { options, terminal } = call;
    return await withService(call, async service => {
      const statuses = await (await service.projections()).status();
      for (const status of statuses) {
        if (options.has('--json')) terminal.out(JSON.stringify(status));
        else for (const line of statusLines(status)) terminal.out(line);
      }
      const isDone = statuses.every(
        ({ behind, setAside, failure, isOff }) =>
          isOff || (behind?.commits === 0 && setAside.length === 0 && failure === undefined),
      );
      return isDone ? 0 : 1;
    });
  },
};

export const projectRun: Command = {
  name: 'project run',
  operands: ['[name]'],
  takesMany: true,
  summary: 'Takes in what was committed: all that follows from commits, or what is named',
  flags: [JSON_FLAG],
  details:
    'Servers and the project function do so by themselves; any number may run at once. Sends what is due.',
  async run(call) {
    return await withService(call, async service => {
      const list = await chosen(service, call.operands);
      const ran = await runAll(list, runOf(service), call.runtime);
      const log = createLog(call);
      for (const each of ran) {
        call.terminal.out(call.options.has('--json') ? ranJson(each) : ranLine(each));
        if (each.outcome === 'failed') log.failure('projection_failed', each.error, { step: each.name });
      }
      return ran.every(({ outcome }) => outcome === 'done') ? 0 : 1;
    });
  },
};

export const projectRebuild: Command = {
  name: 'project rebuild',
  operands: ['<name>'],
  summary: 'Makes anew what follows from the commits: the search index, the site',
  flags: [JSON_FLAG],
  details:
    'Of mails, webhooks and plugins nothing is sent again: they go to the newest commit, skip what they had not taken in, and forget what was set aside.',
  async run(call) {
    return await withService(call, async service => {
      const [projection] = await chosen(service, call.operands);
      if (projection === undefined) throw projectionUnknown('', []);
      const counts = await projection.rebuild(runOf(service));
      const ran = { name: projection.name, outcome: 'done', counts } as const;
      call.terminal.out(call.options.has('--json') ? ranJson(ran) : ranLine(ran));
      return 0;
    });
  },
};

function runOf(service: Service): ProjectionRun {
  const newest = async () => (await service.repository()).view({ maxAgeMs: 0 });
  return { newest, deadlineMs: Number.POSITIVE_INFINITY };
}

/** Those that are named, or all. @throws KittiwakeError `projection_unknown` */
async function chosen(service: Service, names: Call['operands']): Promise<readonly RunnableProjection[]> {
  const { list } = await service.projections();
  const known = list.map(({ name }) => name);
  const unknown = names.find(name => !known.includes(name));
  if (unknown !== undefined) throw projectionUnknown(unknown, known);
  return names.length === 0 ? list : list.filter(({ name }) => names.includes(name));
}

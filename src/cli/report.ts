import type { Service } from '../lazy/app.ts';
import type { Call, Command } from './command.ts';
import { COMMAND_LINE } from './command-line.ts';
import { optionInvalid } from './errors.ts';
import { withService } from './open-service.ts';

type Report = Awaited<ReturnType<Awaited<ReturnType<Service['search']>>['report']>>;
type Item = Report['items'][number];

const NAMES = { orphaned: 'orphaned', broken: 'broken-links', wanted: 'wanted', empty: 'empty' } as const;

export const report: Command = {
  name: 'report',
  operands: ['<report>'],
  summary: 'Names pages that nobody links to, broken links, pages that are wanted, pages without a word',
  flags: [{ flag: '--json', description: 'One JSON object a line' }],
  details: 'Reports: orphaned, broken, wanted, empty.',
  async run(call) {
    const name = call.operands[0] ?? '';
    if (!isName(name)) throw optionInvalid('<report>', name, Object.keys(NAMES).join(', '));
    return await withService(call, async service => {
      const [search, access] = await Promise.all([service.search(), service.policies.accessAs(COMMAND_LINE)]);
      const { items, finish } = await search.as(access).report(NAMES[name]);
      for (const item of finish(items)) print(call, item);
      return 0;
    });
  },
};

function isName(name: string): name is keyof typeof NAMES {
  return Object.hasOwn(NAMES, name);
}

function print({ options, terminal }: Call, item: Item): void {
  if (options.has('--json')) terminal.out(JSON.stringify(item));
  else for (const line of linesOf(item)) terminal.out(line);
}

function linesOf(item: Item): string[] {
  if ('linked_from' in item) return [[item.links, item.path, item.linked_from.join(', ')].join('\t')];
  if (!('links' in item)) return [[item.path, item.name].join('\t')];
  return item.links.map(({ link, suggestion }) =>
    [item.path, link, suggestion === null ? '' : `perhaps ${suggestion}`].join('\t').trimEnd(),
  );
}

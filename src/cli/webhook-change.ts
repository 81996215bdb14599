import type { Service } from '../lazy/app.ts';
import type { Call, Command } from './command.ts';
import { COMMAND_LINE } from './command-line.ts';
import { withService } from './open-service.ts';

type Projections = Awaited<ReturnType<Service['projections']>>;
type Webhooks = Awaited<ReturnType<ReturnType<Projections['as']>['webhooks']>>;

/** Of a page of deliveries. */
const MAX_LISTED = 100;

export const webhookList: Command = {
  name: 'webhook list',
  operands: [],
  summary: 'Lists the webhooks of the wiki',
  flags: [{ flag: '--json', description: 'One JSON object a line, with times in milliseconds' }],
  run: call =>
    withWebhooks(call, async webhooks => {
      for (const webhook of await webhooks.list()) {
        const { id, active, stopped, url, prefix, types } = webhook;
        const state = active ? 'active' : (stopped?.code ?? 'inactive');
        const fields = [id, state, prefix || 'whole wiki', types.join(',') || 'all events', url];
        call.terminal.out(call.options.has('--json') ? JSON.stringify(webhook) : fields.join('\t'));
      }
    }),
};

export const webhookDelete: Command = {
  name: 'webhook delete',
  operands: ['<id>'],
  summary: 'Deletes a webhook; what it was not told yet, it will not be',
  flags: [],
  run: call =>
    withWebhooks(call, async webhooks => {
      const { id, url } = await webhooks.remove(call.operands[0] ?? '');
      call.terminal.say(`Deleted the webhook ${id} to ${url}`);
    }),
};

export const webhookReplay: Command = {
  name: 'webhook replay',
  operands: ['<id>'],
  summary: 'Sends a webhook once more what was given up, or one delivery of any kind',
  flags: [
    { flag: '--delivery', placeholder: 'ID', description: 'Only this one (default: all that were given up)' },
  ],
  run: call =>
    withWebhooks(call, async webhooks => {
      const [id = ''] = call.operands;
      const delivery = call.options.get('--delivery');
      const wanted = delivery === undefined ? await givenUp(webhooks, id) : [delivery];
      for (const each of wanted) call.terminal.out(await webhooks.replay(id, each));
      call.terminal.say(`${wanted.length} deliveries go out with the next run of projections`);
    }),
};

/** Those that were not replayed before. */
async function givenUp(webhooks: Webhooks, id: string): Promise<string[]> {
  const found: string[] = [];
  let after: string | undefined;
  do {
    const page = await webhooks.deliveries(id, { state: 'dead', limit: MAX_LISTED, after });
    found.push(...page.deliveries.filter(each => each.replayedAs === undefined).map(each => each.id));
    after = page.next;
  } while (after !== undefined);
  return found;
}

function withWebhooks(call: Call, work: (webhooks: Webhooks) => Promise<void>): Promise<number> {
  return withService(call, async service => {
    await work(await (await service.projections()).as(COMMAND_LINE).webhooks());
    return 0;
  });
}

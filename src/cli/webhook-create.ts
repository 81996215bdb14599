import type { Command } from './command.ts';
import { COMMAND_LINE } from './command-line.ts';
import { withService } from './open-service.ts';

export const webhookCreate: Command = {
  name: 'webhook create',
  operands: ['<url>'],
  summary: 'Has a URL told of what happens in the wiki, and prints the secret this once',
  flags: [
    { flag: '--events', placeholder: 'TYPES', description: 'With commas between (default: all)' },
    { flag: '--prefix', placeholder: 'PATH', description: 'Only this page and what is below it' },
    { flag: '--description', placeholder: 'TEXT', description: 'What it is for' },
  ],
  details: 'It is told of every page, whatever readers may see. docs/webhooks.md says what it gets.',
  async run(call) {
    const { options, operands, terminal } = call;
    const [url = ''] = operands;
    const given = {
      types: options
        .get('--events')
        ?.split(',')
        .map(type => type.trim()),
      prefix: options.get('--prefix'),
      description: options.get('--description'),
    };
    const wish = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return await withService(call, async service => {
      const webhooks = await (await service.projections()).as(COMMAND_LINE).webhooks();
      const { webhook, secret } = await webhooks.create({ url, ...wish });
      terminal.say(`Webhook ${webhook.id} is told of commits from now on; its secret is shown this once:`);
      terminal.out(secret);
      return 0;
    });
  },
};

import { randomId } from '../core/runtime.ts';
import type { Command } from './command.ts';

export const mailTest: Command = {
  name: 'mail test',
  operands: ['<address>'],
  summary: 'Sends one mail, and says what the server answered',
  flags: [],
  details: 'It goes out at once, as those do that the server sends; nothing of the wiki is read.',
  async run({ projections, operands, terminal, runtime }) {
    const [{ createMailer }, { domainOf }] = await Promise.all([
      import('../mail/create-mailer.ts'),
      import('../mail/address.ts'),
    ]);
    const { config } = projections;
    const mailer = await createMailer({ ...projections, now: () => runtime.now() });
    try {
      const { answer } = await mailer.send({
        messageId: `${randomId(runtime)}@${domainOf(config.mailSender).replace(/>$/, '')}`,
        to: operands[0] ?? '',
        subject: `[${config.siteName}] Test`,
        text: `${config.siteName} can send mails.\n`,
      });
      terminal.out(answer);
      return 0;
    } finally {
      await mailer.close();
    }
  },
};

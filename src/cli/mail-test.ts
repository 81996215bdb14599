import { sendTestMail } from '../lazy/test-mail.ts';
import type { Command } from './command.ts';

export const mailTest: Command = {
  name: 'mail test',
  operands: ['<address>'],
  summary: 'Sends one mail, and says what the server answered',
  flags: [],
  details: 'It goes out at once, as those do that the server sends; nothing of the wiki is read.',
  async run({ projections, operands: [address = ''], terminal, runtime }) {
    terminal.out(await sendTestMail(projections, address, runtime));
    return 0;
  },
};

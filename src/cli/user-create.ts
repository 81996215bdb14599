import type { Command } from './command.ts';
import { optionMissing } from './errors.ts';
import { withService } from './open-service.ts';
import {
  administration,
  chosenFlag,
  PASSWORD_FLAGS,
  passwordOf,
  RIGHTS_FLAGS,
  rightsOf,
} from './user-options.ts';

export const userCreate: Command = {
  name: 'user create',
  operands: ['<e-mail>'],
  summary: 'Makes a user of the wiki; the first one administers it',
  flags: [
    { flag: '--name', placeholder: 'NAME', description: 'Whom the commits of the user name' },
    { flag: '--password', description: 'Reads the password from standard input' },
    ...PASSWORD_FLAGS,
    ...RIGHTS_FLAGS,
  ],
  details: 'A user without a password cannot log in by one.',
  async run(call) {
    const { options, operands, terminal } = call;
    const name = options.get('--name');
    if (name === undefined) throw optionMissing('--name', 'the name of the user');
    const rights = rightsOf(call);
    const password = await passwordOf(chosenFlag(options, ['--password', '--generate', '--hash']), terminal);
    return await withService(call, async service => {
      const users = await administration(service);
      const { user, generated } = await users.create({ name, email: operands[0] ?? '', ...rights, password });
      terminal.say(
        `User ${user.id} ("${user.name}") is made${user.isAdmin ? ', and administers the wiki' : ''}`,
      );
      if (generated !== undefined) terminal.say('Its password is shown this once:');
      terminal.out(generated ?? user.id);
      return 0;
    });
  },
};

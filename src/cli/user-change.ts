import type { Command } from './command.ts';
import { withService } from './open-service.ts';
import {
  administration,
  chosenFlag,
  findUser,
  PASSWORD_FLAGS,
  passwordOf,
  RIGHTS_FLAGS,
  rightsOf,
  switchOf,
} from './user-options.ts';

const WHO = ['<e-mail or id>'];

export const userEdit: Command = {
  name: 'user edit',
  operands: WHO,
  summary: 'Changes a user: its rights, its name, whether it is locked',
  flags: [
    { flag: '--name', placeholder: 'NAME', description: 'Whom its commits name from now on' },
    { flag: '--email', placeholder: 'ADDRESS', description: 'Its new address; rules name users by theirs' },
    { flag: '--locked', description: 'Neither password nor tokens are accepted; --no-locked ends that' },
    ...RIGHTS_FLAGS,
  ],
  async run(call) {
    const { options, operands, terminal } = call;
    const names = { name: options.get('--name'), email: options.get('--email') };
    const change = { ...names, ...rightsOf(call), isLocked: switchOf(options, '--locked') };
    return await withService(call, async service => {
      const users = await administration(service);
      const { id } = await findUser(users, operands[0]);
      const user = await users.update(id, change);
      terminal.out(`User ${user.id} ("${user.name}") is as you want it`);
      return 0;
    });
  },
};

export const userPassword: Command = {
  name: 'user password',
  operands: WHO,
  summary: 'Sets the password of a user, which is read from standard input',
  flags: [
    ...PASSWORD_FLAGS,
    { flag: '--remove', description: 'The user cannot log in by password any more' },
  ],
  async run(call) {
    const { options, operands, terminal } = call;
    const flag = chosenFlag(options, ['--generate', '--hash', '--remove']);
    const wish = await passwordOf(flag ?? '--password', terminal);
    return await withService(call, async service => {
      const users = await administration(service);
      const { id } = await findUser(users, operands[0]);
      const { user, generated } = await users.setPassword(id, wish ?? { kind: 'none' });
      const state = user.hasPassword ? 'has a new password' : 'has no password any more';
      terminal.say(`User ${user.id} ("${user.name}") ${state}`);
      if (generated !== undefined) terminal.out(generated);
      return 0;
    });
  },
};

export const userDelete: Command = {
  name: 'user delete',
  operands: WHO,
  summary: 'Deletes a user and ends its tokens; its commits keep its name',
  flags: [],
  async run(call) {
    const { operands, config, terminal } = call;
    return await withService(call, async service => {
      const users = await administration(service);
      const user = await findUser(users, operands[0]);
      await users.remove(user.id);
      const seconds = config.tokenStalenessMs / 1000;
      terminal.out(
        `User ${user.id} ("${user.name}") is deleted; servers refuse its tokens within ${seconds} s`,
      );
      return 0;
    });
  },
};

import type { Command } from './command.ts';
import { COMMAND_LINE } from './command-line.ts';
import { withService } from './open-service.ts';

export const tokenRevoke: Command = {
  name: 'token revoke',
  operands: ['<id>'],
  summary: 'Ends a token, and those that were made with it',
  flags: [],
  details: 'Servers that know the token refuse it within KITTIWAKE_TOKEN_STALENESS seconds.',
  async run(call) {
    const { operands, config, terminal } = call;
    return await withService(call, async service => {
      const info = await (await service.tokens()).as(COMMAND_LINE).revoke(operands[0] ?? '');
      const seconds = config.tokenStalenessMs / 1000;
      terminal.out(`Token ${info.id} ("${info.name}") is revoked; servers refuse it within ${seconds} s`);
      return 0;
    });
  },
};

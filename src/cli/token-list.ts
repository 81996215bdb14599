import type { Command } from './command.ts';
import { COMMAND_LINE } from './command-line.ts';
import { withService } from './open-service.ts';

export const tokenList: Command = {
  name: 'token list',
  operands: [],
  summary: 'Lists the tokens of the wiki, and those for all wikis',
  flags: [{ flag: '--json', description: 'One JSON object a line, with times in milliseconds' }],
  async run(call) {
    const { options, terminal, runtime } = call;
    return await withService(call, async service => {
      const tokens = (await service.tokens()).as(COMMAND_LINE);
      let cursor: string | undefined;
      do {
        const page = await tokens.list({ all: true, ...(cursor === undefined ? {} : { cursor }) });
        for (const info of page.tokens) {
          terminal.out(options.has('--json') ? JSON.stringify(info) : line(info, runtime.now()));
        }
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return 0;
    });
  },
};

interface Listed {
  id: string;
  name: string;
  ownerId: string;
  rights: readonly string[];
  prefix?: string;
  allWikis: boolean;
  expiresMs?: number;
  revokedMs?: number;
  lockedMs?: number;
}

function line(info: Listed, nowMs: number): string {
  const where = info.allWikis ? 'all wikis' : (info.prefix ?? 'whole wiki');
  return [info.id, stateOf(info, nowMs), info.rights.join(','), where, info.ownerId, info.name].join('\t');
}

function stateOf({ revokedMs, lockedMs, expiresMs }: Listed, nowMs: number): string {
  if (revokedMs !== undefined) return `revoked ${day(revokedMs)}`;
  if (lockedMs !== undefined) return `locked ${day(lockedMs)}`;
  if (expiresMs === undefined) return 'valid';
  return `${expiresMs <= nowMs ? 'expired' : 'valid to'} ${day(expiresMs)}`;
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

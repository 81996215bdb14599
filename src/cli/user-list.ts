import type { Command } from './command.ts';
import { withService } from './open-service.ts';
import { administration, type ListedUser } from './user-options.ts';

export const userList: Command = {
  name: 'user list',
  operands: [],
  summary: 'Lists the users of the wiki',
  flags: [{ flag: '--json', description: 'One JSON object a line, with times in milliseconds' }],
  async run(call) {
    const { options, terminal } = call;
    return await withService(call, async service => {
      const users = await administration(service);
      let cursor: string | undefined;
      do {
        const page = await users.list({ cursor });
        for (const user of page.users) {
          terminal.out(options.has('--json') ? JSON.stringify(user) : line(user));
        }
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return 0;
    });
  },
};

function line(user: ListedUser): string {
  const { id, email, name, allow, lastSeenMs } = user;
  const seen = lastSeenMs === undefined ? 'never seen' : `seen ${day(lastSeenMs)}`;
  return [id, email, standingOf(user), allow.join(',') || '-', seen, name].join('\t');
}

function standingOf({ lockedMs, isAdmin, isApproved }: ListedUser): string {
  if (lockedMs !== undefined) return `locked ${day(lockedMs)}`;
  if (isAdmin) return 'admin';
  return isApproved ? 'approved' : 'registered';
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

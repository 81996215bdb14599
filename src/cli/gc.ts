import { createUpkeep } from '../lazy/upkeep.ts';
import type { Call, Command } from './command.ts';
import { optionInvalid } from './errors.ts';
import { withService } from './open-service.ts';

export const gc: Command = {
  name: 'gc',
  operands: [],
  summary: 'Merges small packs and removes files that the wiki no longer lists',
  flags: [
    {
      flag: '--orphans-after',
      placeholder: 'SECONDS',
      description: 'How old an unlisted file must be (default 3600)',
    },
    {
      flag: '--readers-grace',
      placeholder: 'SECONDS',
      description: 'How long a condemned file stays readable (default 900)',
    },
  ],
  details: 'A file goes in two runs: the first condemns its name, one after the grace deletes it.',
  async run(call) {
    const orphanGraceMs = seconds(call, '--orphans-after', 3_600) * 1000;
    const readerGraceMs = seconds(call, '--readers-grace', 900) * 1000;
    return await withService(call, async service => {
      const upkeep = createUpkeep(service.repository);
      const flushed = await upkeep.flush();
      const merged = await upkeep.merge();
      const { unreachable, replaced, declined } = await upkeep.prune();
      const { condemned, deleted, waiting, swept } = await upkeep.collect({ orphanGraceMs, readerGraceMs });
      call.terminal.out(
        `${flushed} commits flushed, ${merged} packs merged, ${replaced.length === 0 ? 0 : unreachable} unreachable objects dropped`,
      );
      if (declined !== undefined) call.terminal.out(`No unreachable objects were dropped: ${declined}`);
      call.terminal.out(
        `${condemned.length} packs condemned, ${deleted.length} deleted, ${waiting.length} wait for their readers`,
      );
      const left = swept.uploads + swept.copies + swept.unfinished;
      if (left > 0) call.terminal.out(`${left} files removed that uploads and downloads had left behind`);
      const tokens = await (await service.tokens()).sweep();
      if (tokens > 0) call.terminal.out(`${tokens} tokens removed that ended a month ago`);
      return 0;
    });
  },
};

function seconds({ options }: Call, flag: string, fallback: number): number {
  const text = options.get(flag);
  if (text === undefined) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw optionInvalid(flag, text, 'a whole number of seconds');
  return Number(text);
}

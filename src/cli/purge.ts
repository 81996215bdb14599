import { createPurging, type PurgeWish, type Purging } from '../lazy/purging.ts';
import type { Call, Command } from './command.ts';
import { operandsMissing, optionInvalid } from './errors.ts';
import { withService } from './open-service.ts';
import { eraseLine, planLines, rewriteLine } from './purge-report.ts';

export const purge: Command = {
  name: 'purge',
  operands: ['[path…]'],
  takesMany: true,
  summary: 'Takes contents out of the whole history, for good',
  flags: [
    { flag: '--blob', placeholder: 'ID', description: 'A content by its id; several with commas between' },
    { flag: '--path-only', description: 'Contents stay where they stand under other paths, too' },
    { flag: '--dry-run', description: 'Only tell which commits and paths hold it' },
  ],
  details: [
    'A path is that of a page or a file, as it was at any time; everything that it ever held goes, wherever else it stands.',
    'Every later commit gets a new id; the old ids answer 410. What was stored before is deleted at once, with the versions',
    'that the store keeps: the wiki cannot be restored to an older state. Clones, backups and logs are not reached. A purge that',
    'was ended is finished by the same call. See docs/operations.md.',
  ].join('\n'),
  async run(call) {
    const wish = readWish(call);
    const { data, retainPageNameCase } = call.config;
    return await withService(call, async service => {
      const purging = createPurging(service.repository, { data, retainPageNameCase });
      if (call.options.get('--dry-run') === 'true') {
        for (const line of planLines(await purging.plan(wish))) call.terminal.out(line);
        return 0;
      }
      await service.probe();
      return await carryOut(purging, wish, call);
    });
  },
};

async function carryOut(purging: Purging, wish: PurgeWish, { terminal }: Call): Promise<number> {
  const report = await purging.rewrite(wish);
  for (const line of planLines(report)) terminal.out(line);
  terminal.out(rewriteLine(report));
  terminal.out(eraseLine(await purging.erase()));
  return 0;
}

function readWish({ operands, options }: Call): PurgeWish {
  const blobs = (options.get('--blob') ?? '').split(',').filter(Boolean);
  for (const blob of blobs)
    if (!/^[0-9a-f]{40}$/.test(blob))
      throw optionInvalid('--blob', blob, 'the id of a content: 40 hex digits');
  if (operands.length === 0 && blobs.length === 0) throw operandsMissing('purge', 'a path or --blob');
  return { names: operands, blobs, pathOnly: options.get('--path-only') === 'true' };
}

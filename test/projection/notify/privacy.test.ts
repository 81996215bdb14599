import { describe, expect, test } from 'vitest';
import { createEventReader } from '../../../src/projection/event/event-reader.ts';
import type { WikiEvent } from '../../../src/projection/event/wiki-event.ts';
import { changeMail } from '../../../src/projection/notify/change-mail.ts';
import { CommitLine } from '../../../src/projection/notify/commit-line.ts';
import { openWiki } from '../../http/harness.ts';
import { Prng } from '../../simulation/prng.ts';
import { newestOf, readersOf } from './told-wiki.ts';

const ID = 'a'.repeat(32);

describe('a mail', () => {
  test('names no page that its reader may not read, whatever rules and commits there are', async () => {
    const wiki = await openWiki();
    const random = new Prng(5);
    const pick = <T>(items: readonly T[]): T => items[random.uint32() % items.length] as T;
    const folders = ['fola', 'folb', 'fola/folc'];
    for (let n = 0; n < 25; n += 1) {
      const paths = Array.from({ length: 3 }, (_, m) => `${pick(folders)}/page${n}x${m}`);
      const changes = paths.map(path => ({ op: 'put', path, content: `${path} ${n}` }));
      await wiki.call('POST', '/batch', { changes, commit_message: `About ${paths.join(' and ')}` });
      const [from = ''] = paths;
      if (n % 3 === 0)
        await wiki.call('POST', `/pages/${from}/rename`, { new_path: `${pick(folders)}/moved${n}` });
    }
    const view = await newestOf(wiki);
    const reader = createEventReader();
    const from = { after: { head: null, ordinal: -1 }, told: 0 };
    const all = (await reader.after(view, from, { limit: 10_000 }))?.events ?? [];
    const line = new CommitLine(view, reader);
    let [sent, void_] = [0, 0];
    for (let round = 0; round < 300; round += 1) {
      const event = pick(all);
      const hidden = new Set(all.flatMap(filesOf).filter(() => random.uint32() % 2 === 0));
      const mayRead = (file: string) => !hidden.has(file);
      const readers = readersOf([
        { id: ID, watches: pick([[''], ['fola/'], ['folb/', 'fola/folc/']]), mayRead },
      ]);
      const mail = await changeMail(
        { type: 'changes', user: ID, commit: event.commit },
        {
          siteName: 'Wiki',
          siteUrl: 'https://wiki.example.org',
          retainPageNameCase: true,
          view,
          line,
          readers,
          unsubscribeUrl: () => undefined,
        },
      );
      if (mail === undefined) void_ += 1;
      else sent += 1;
      const told = `${mail?.subject}\n${mail?.text}`;
      for (const file of hidden) expect(told).not.toContain(nameOf(file));
    }
    expect(Math.min(sent, void_)).toBeGreaterThan(10);
  });
});

function filesOf(event: WikiEvent): string[] {
  return event.type === 'page_renamed' ? [event.file, event.from] : [event.file];
}

/** Each page of the test has a name of its own. */
function nameOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1, -'.md'.length);
}

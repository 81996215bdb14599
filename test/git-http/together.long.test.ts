import { expect, test } from 'vitest';
import { kittiwake } from '../support/cli.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { needs } from '../support/needs.ts';
import { serveWiki } from '../support/served-wiki.ts';
import { CLIENTS, SECONDS, writeTogether } from './together/write-together.ts';

// Who never pauses overtakes nearly every push: that some get through meanwhile is for the second row.
test.for([
  { clients: CLIENTS, pauseMs: 0 },
  { clients: 3, pauseMs: 250 },
])(
  '$clients clients of git and as many of the API that pause for $pauseMs ms lose nothing',
  {
    timeout: 120_000 + 10_000 * SECONDS,
  },
  async ({ clients, pauseMs }, ctx) => {
    needs(ctx, 'git');
    const data = temporaryFolder();
    const wiki = await serveWiki(data);
    await writeTogether(wiki, { clients, pauseMs, seconds: SECONDS });
    await wiki.stop();
    const doctor = await kittiwake(['doctor', '--data', data]);
    expect([doctor.code, doctor.out]).toEqual([0, expect.stringMatching(/\nSound\n$/)]);
  },
);

import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { KittiwakeClient } from '../../src/client/client.ts';
import { expectSound } from '../support/data-folder.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { needs } from '../support/needs.ts';
import { type ServedWiki, serveWiki } from '../support/served-wiki.ts';

const LINES = 60;
const WRITERS = ['ann', 'ben', 'cleo'];

/** The place in front of a server that dies and is started again elsewhere. */
function movingFetch(current: () => ServedWiki): typeof fetch {
  return (input, init) => {
    const { pathname, search } = new URL(String(input));
    return fetch(`${current().url}${pathname}${search}`, init);
  };
}

async function write(client: KittiwakeClient, name: string): Promise<void> {
  for (let n = 0; n < LINES; n++) {
    await client.append('shared', `${name} ${n}\n`, { attempts: 1_000, message: `${name} ${n}` });
    await client.append(name, `${n}\n`, { message: `own ${name} ${n}` });
  }
}

it('writers go on through kill -9 of their server: each line is there once', {
  timeout: 240_000,
}, async ctx => {
  needs(ctx, 'git');
  const data = temporaryFolder();
  let server = await serveWiki(data);
  const options = { fetch: movingFetch(() => server), deadlineMs: 200_000, retries: 1_000, backoffMs: 20 };
  const client = server.client(options);
  let left = WRITERS.length;
  const writing = Promise.all(
    WRITERS.map(async name => {
      await write(client, name);
      left -= 1;
    }),
  );
  let kills = 0;
  for (; kills < 3 && left > 0; kills++) {
    await delay(100 + Math.random() * 300);
    await server.kill();
    server = await serveWiki(data);
  }
  await writing;
  expect(kills).toBeGreaterThan(0);
  const numbers = Array.from({ length: LINES }, (_, n) => n);
  for (const name of WRITERS) expect(await server.text(name)).toBe(`${numbers.join('\n')}\n`);
  const lines = (await server.text('shared'))?.trim().split('\n');
  expect(lines?.sort()).toEqual(WRITERS.flatMap(name => numbers.map(n => `${name} ${n}`)).sort());
  await server.stop();
  const { commits } = await expectSound(data);
  const subjects = WRITERS.flatMap(name => numbers.flatMap(n => [`${name} ${n}`, `own ${name} ${n}`]));
  expect(commits.map(({ subject }) => subject).sort()).toEqual(subjects.sort());
});

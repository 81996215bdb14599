import { expect } from 'vitest';
import { Prng } from '../../simulation/prng.ts';
import { hide } from '../site/site-support.ts';
import { dumpOf } from './dump.ts';
import type { Death } from './dying-store.ts';
import { FollowedWiki, UUID } from './followed-wiki.ts';
import { PATHS, RandomCommits } from './random-commits.ts';
import { startReceivers } from './receivers.ts';

/** What happens to a wiki: the same seed gives the same commits and rules. */
export interface Life {
  seed: number;
  commits: number;
}

const HOUR_MS = 3_600_000;
const ENV = {
  READ_ACCESS: 'ANONYMOUS',
  KITTIWAKE_WEBHOOK_ALLOW: '127.0.0.1',
  KITTIWAKE_SITE_URL: 'https://birds.example.org',
};

/** What would be missing if nothing had been done at all. */
export const TELLING: readonly string[] = [
  'site/',
  'render/',
  `outbox/${UUID}/webhook/`,
  `outbox/${UUID}/mail/`,
  'webhook ',
  'mail ',
  'plugin ',
];

/** Each commit is followed by one run that nothing disturbs. */
export async function undisturbedLife(options: Life): Promise<Record<string, string>> {
  return await follow(options, async (wiki, prng) => {
    await expectDone(wiki, prng);
  });
}

/**
 * After each commit something goes wrong: its notice is lost, or comes twice, the runner dies, two run at once, or two of which one
 * dies. Only at the end is there peace.
 * @returns also how many runs ended in the middle
 */
export async function disturbedLife(
  options: Life,
): Promise<{ dump: Record<string, string>; deaths: number }> {
  let deaths = 0;
  const dump = await follow(options, async (wiki, prng) => {
    const run = async (dies: boolean) => {
      const ran = await wiki.run(prng, dies ? randomDeath(prng) : undefined).catch(() => undefined);
      if (ran === undefined || ran.some(({ outcome }) => outcome === 'failed')) deaths += 1;
    };
    const kind = Math.floor(prng.between(0, 6));
    if (kind === 0) return;
    if (kind === 1) await run(false).then(() => run(false));
    else if (kind <= 3) await run(true);
    else await Promise.all([run(false), run(kind === 5)]);
  });
  return { dump, deaths };
}

/** Each projection's turn comes, however many calls those before it make: where it dies is chosen first, then at which call. */
function randomDeath(prng: Prng): Death {
  const [documents, messages] = [`projections/${UUID}/`, `outbox/${UUID}/`];
  const [of, most] = prng.pick([
    ['', 120],
    ['site/', 60],
    [`${documents}site`, 5],
    [`${documents}webhooks`, 3],
    [`${messages}webhook/`, 30],
    [`${documents}notify`, 3],
    [`${messages}mail/`, 12],
    [`${documents}plugin-`, 3],
  ] as const);
  return { of, call: prng.int(1, most), lands: prng.chance(0.5) };
}

async function follow(
  { seed, commits }: Life,
  afterCommit: (wiki: FollowedWiki, prng: Prng) => Promise<void>,
): Promise<Record<string, string>> {
  const receivers = await startReceivers();
  const wiki = new FollowedWiki(ENV, receivers);
  try {
    const repository = await wiki.open();
    const made = new RandomCommits(repository, new Prng(seed));
    const [prng, rules] = [new Prng(seed + 1), new Prng(seed + 2)];
    await wiki.tell();
    await expectDone(wiki, prng);
    for (let n = 0; n < commits; n += 1) {
      wiki.later(1_000);
      if (rules.random() < 0.3) await hide(repository, ...PATHS.filter(() => rules.random() < 0.3));
      else await made.next();
      await afterCommit(wiki, prng);
    }
    // What a process had claimed that died comes again, what has failed, too; then what is not needed any more goes. It stays less
    // than a day, after which the site is compared with what it should be, and healed.
    for (let round = 0; round < 4; round += 1) {
      wiki.later(2 * HOUR_MS);
      await expectDone(wiki, prng);
      await wiki.sweep();
    }
    return { ...(await dumpOf(wiki.store, wiki.folder)), ...receivers.told() };
  } finally {
    wiki.remove();
  }
}

async function expectDone(wiki: FollowedWiki, prng: Prng): Promise<void> {
  const ran = await wiki.run(prng);
  const failed = ran.flatMap(each => (each.outcome === 'failed' ? [each.name, String(each.error)] : []));
  expect([failed, ran.map(({ outcome }) => outcome)]).toEqual([[], ran.map(() => 'done')]);
}

/**
 * Of rendered pages those that both have kept: which ones are made depends on the way, as a page that was overwritten before anybody
 * came is never rendered. The names of what differs come first: whole objects would hide them.
 */
export function expectSame(
  found: Record<string, string>,
  wanted: Record<string, string>,
  when: string,
): void {
  const names = [...new Set([...Object.keys(found), ...Object.keys(wanted)])];
  const isCompared = (name: string) => !name.startsWith('render/') || (name in found && name in wanted);
  const different = names.filter(name => isCompared(name) && found[name] !== wanted[name]);
  const [first = ''] = different;
  expect(found[first], `${when}: ${first}`).toBe(wanted[first]);
  expect(different, when).toEqual([]);
}

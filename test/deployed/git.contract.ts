import { describe, expect, test } from 'vitest';
import { type Clone, cloneOf, remoteOf } from '../git-http/clone.ts';
import { kittiwake, type Outcome } from '../support/cli.ts';
import { runGit, temporaryFolder } from '../support/git-command.ts';
import { noise } from '../support/large-files.ts';
import { API_KEY, type DoorKind } from './support/assembly.ts';
import { type Deployment, deploy } from './support/deployment.ts';
import type { OpenPlace } from './support/s3-place.ts';
import { told, wakesOf } from './support/wakes.ts';

/** The environment in which git reads no settings of this machine. */
const GIT = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0' };

const MANUAL = { queues: { isEnabled: false } };

function cloned({ door }: Deployment): Promise<Clone> {
  return cloneOf(remoteOf(door.url, API_KEY));
}

/** Pushes by the command, while S3 tells the import function of what there is to do. */
async function pushed(deployment: Deployment, { folder }: Clone): Promise<Outcome> {
  const running = kittiwake(['push'], { cwd: folder, env: GIT });
  const state = { isOver: false, wakes: [] as string[] };
  const finished = running.finally(() => {
    state.isOver = true;
  });
  const look = async () => {
    state.wakes = await wakesOf(deployment, Date.now());
    return state.isOver || state.wakes.length > 0;
  };
  await expect.poll(look, { timeout: 60_000, interval: 200 }).toBe(true);
  if (state.wakes.length > 0) await told(deployment, state.wakes);
  return await finished;
}

/** Clones, fetches and pushes of native git, through the front door. */
export function gitContract(open: OpenPlace): void {
  test.for<DoorKind>(['functionUrl', 'httpApi'])(
    'git clones, pushes and fetches through %s',
    async (door, ctx) => {
      const deployment = await deploy(ctx, open, { door });
      const { api } = deployment;
      await api.write('docs/a', 'one\n');
      const clone = await cloned(deployment);
      // More than git sends without asking first.
      const commit = await clone.commit({ 'docs/a.md': 'two\n', 'docs/a/plan.bin': noise(2 << 20) });
      await clone.git('push', '--quiet');
      expect(await api.text('docs/a')).toBe('two\n');
      const revision = await api.write('docs/b', 'b\n');
      await clone.git('pull', '--quiet', '--ff-only');
      expect(await clone.git('rev-parse', 'HEAD', 'HEAD~')).toBe(`${revision}\n${commit}`);
      await clone.git('fsck', '--strict');
    },
  );

  describe('what is larger than a function takes', () => {
    test('is refused by the platform, and pushed by kittiwake push', { timeout: 180_000 }, async ctx => {
      const deployment = await deploy(ctx, open, MANUAL);
      const { api, functions } = deployment;
      const revision = await api.write('docs/a', 'one\n');
      const clone = await cloned(deployment);
      const commit = await clone.commit({ 'docs/a.md': 'two\n', 'docs/a/film.bin': noise(20 << 20) });
      const { status, err } = await clone.try('push');
      expect([status, err]).toEqual([1, expect.stringContaining('HTTP 413')]);
      expect(await clone.git('ls-remote', 'origin', 'refs/heads/main')).toContain(revision);
      expect(await pushed(deployment, clone)).toMatchObject({
        code: 0,
        err: expect.stringContaining(`${commit.slice(0, 7)}  main -> main`),
      });
      expect(await api.text('docs/a')).toBe('two\n');
      expect(await clone.git('status', '--short', '--branch')).toBe('## main...origin/main');
      await clone.git('fsck', '--strict');
      const again = await cloned(deployment);
      expect(await again.git('rev-parse', 'HEAD')).toBe(commit);
      expect(functions.import.pool.log.join('\n')).toContain('git_pushed');
    });

    test('is refused by the wiki as git would be', { timeout: 180_000 }, async ctx => {
      const deployment = await deploy(ctx, open, MANUAL);
      await deployment.api.write('docs/a', 'one\n');
      const clone = await cloned(deployment);
      await clone.commit({ 'docs/A.md': 'two\n', 'docs/a/film.bin': noise(5 << 20) });
      const { code, err } = await pushed(deployment, clone);
      expect([code, err]).toEqual([
        1,
        expect.stringContaining('! [remote rejected] main -> main (refused (path_collides))'),
      ]);
      expect(err).toContain('remote: Kittiwake: "docs/A.md" cannot stand beside "docs/a.md"');
    });

    test('is not sent through an HTTP API, which is said', { timeout: 180_000 }, async ctx => {
      const deployment = await deploy(ctx, open, { ...MANUAL, door: 'httpApi' });
      await deployment.api.write('docs/a', 'one\n');
      const clone = await cloned(deployment);
      await clone.commit({ 'docs/a/film.bin': noise(7 << 20) });
      expect(await pushed(deployment, clone)).toMatchObject({ code: 0 });
      const remote = remoteOf(deployment.door.url, API_KEY);
      const folder = temporaryFolder();
      const { status, err } = await runGit('/', ['clone', '--quiet', remote, `${folder}/whole`]);
      expect([status, err]).toEqual([128, expect.stringContaining('(answer_too_large)')]);
      const part = await runGit('/', [
        'clone',
        '--quiet',
        '--filter=blob:limit=1m',
        '--no-checkout',
        remote,
        `${folder}/part`,
      ]);
      expect(part).toMatchObject({ status: 0, err: '' });
    });
  });
}

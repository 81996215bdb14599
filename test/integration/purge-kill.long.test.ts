import { expect, it } from 'vitest';
import { filesThatTell, SECRET } from '../git/purge-support.ts';
import { kittiwake } from '../support/cli.ts';
import { expectSound } from '../support/data-folder.ts';
import { needs } from '../support/needs.ts';
import { countCalls, killedAt, spread } from './killed-process.ts';
import { leakyData } from './leaky-data.ts';

it('a purge that is killed is finished by the next one', { timeout: 120_000 }, async ctx => {
  needs(ctx, 'git');
  const calls = await countCalls(['purge', 'docs/secret.md', '--data', await leakyData()]);
  for (const call of spread(calls, 5)) {
    const data = await leakyData();
    await killedAt(call, ['purge', 'docs/secret.md', '--data', data]);
    const when = `killed before call ${call} of ${calls}`;
    expect((await expectSound(data, when)).commits, when).toHaveLength(3);
    const { code, err } = await kittiwake(['purge', 'docs/secret.md', '--data', data]);
    expect([code, err], when).toEqual([0, '']);
    expect((await expectSound(data, when)).commits, when).toHaveLength(3);
    expect(await filesThatTell(data, SECRET), when).toEqual([]);
  }
});

import { afterAll, expect, it, vi } from 'vitest';
import { OPERATOR } from '../../src/auth/principal.ts';
import { principalOf } from '../../src/auth/user/user.ts';
import { startBackground } from '../../src/cli/background.ts';
import { createLogger } from '../../src/core/log.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { temporaryFolder } from '../support/cli.ts';
import { openData } from '../support/data-folder.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('a server tells the tokens of a user who was locked by a process that ended then', async () => {
  const service = openData(folder.path('data'));
  await service.createWiki();
  const users = (await service.users()).administeredBy(OPERATOR);
  await users.create({ name: 'Anna', email: 'anna@example.org' });
  const { user } = await users.create({ name: 'Bert', email: 'bert@example.org' });
  const tokens = (await service.tokens()).as(principalOf(user));
  const { info } = await tokens.create({ name: 'script', rights: ['read'] });
  await (await service.state()).write(async (state, { nowMs }) => {
    await state
      .updateTable('users')
      .set({ locked_ms: nowMs, revision: 2 })
      .where('id', '=', user.id)
      .execute();
    await state.insertInto('owner_change').values({ user_id: user.id, at_ms: nowMs }).execute();
  });
  expect(await tokens.read(info.id)).not.toHaveProperty('lockedMs');

  const log = createLogger({ write: () => {}, now: Date.now });
  const background = startBackground(service, { runtime: systemRuntime, log, ownersEveryMs: 5 });
  await vi.waitFor(async () => expect(await tokens.read(info.id)).toHaveProperty('lockedMs'), 10_000);
  await background.stop();
  await service.close();
});

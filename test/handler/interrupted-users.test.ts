import { expect, test } from 'vitest';
import { createProjectHandler } from '../../src/handler/project.ts';
import { ask } from '../integration/round-trips-support.ts';
import { CONTEXT, functionBed, logLines, SCHEDULE } from './queue-support.ts';

const PASSWORD = 'correct horse';

/** A wiki with a user that has a token, and the function that does its upkeep. */
async function setUp() {
  const bed = await functionBed();
  const service = bed.open();
  const wish = { name: 'Anna', email: 'anna@example.org', password: PASSWORD };
  await ask(service, 'POST', '/users', { ...wish, name: 'Root', email: 'root@example.org' });
  const { body } = await ask(service, 'POST', '/users', wish);
  const basic = `Basic ${Buffer.from(`anna@example.org:${PASSWORD}`).toString('base64')}`;
  const made = await ask(
    service,
    'POST',
    '/tokens',
    { name: 'script', rights: ['read'] },
    { authorization: basic },
  );
  const withToken = () =>
    ask(bed.open(), 'GET', '/pages', undefined, { authorization: `Bearer ${made.body.token}` });
  const { lines, write } = logLines();
  const handler = createProjectHandler({ env: bed.environment(), runtime: bed.runtime, write });
  const runs = () => lines.filter(({ event }) => event === 'projections');
  return { bed, service, user: `/users/${body.id}`, withToken, handler, runs };
}

test('the schedule tells tokens of a user who was locked by a call that did not come that far', async () => {
  const { bed, service, user, withToken, handler, runs } = await setUp();
  bed.server.switches.permissions = ({ action, key }) =>
    !(action === 's3:PutObject' && key.startsWith('auth/'));
  expect((await ask(service, 'PATCH', user, { locked: true })).status).toBeGreaterThanOrEqual(500);
  bed.server.switches.permissions = () => true;
  expect((await withToken()).status).toBe(200);
  await handler(SCHEDULE, CONTEXT);
  expect((await withToken()).status).toBe(401);
  expect(runs()).toMatchObject([{ owners_told: 1 }]);
});

test('where nobody was changed, the schedule asks for the database twice, later once, and for no token', async () => {
  const { bed, handler, runs } = await setUp();
  for (const wanted of [2, 1]) {
    bed.server.requests.clear();
    await handler(SCHEDULE, CONTEXT);
    const asked = bed.server.requests.all.filter(({ key }) => /^(state|auth|tokens)\//.test(key));
    expect(asked.map(({ operation }) => operation)).toEqual(Array(wanted).fill('GetObject'));
  }
  expect(runs()).toMatchObject([{ owners_told: 0 }, { owners_told: 0 }]);
});

test('where there are no users, the schedule asks for them once and makes no database', async () => {
  const bed = await functionBed();
  const handler = createProjectHandler({ env: bed.environment(), runtime: bed.runtime, write: () => {} });
  await handler(SCHEDULE, CONTEXT);
  const asked = bed.server.requests.all.filter(({ key }) => key.startsWith('state/'));
  expect(asked.map(({ operation, status }) => [operation, status])).toEqual([['GetObject', 404]]);
});

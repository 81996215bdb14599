import { beforeAll, describe, expect, test } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import type { Route } from '../../src/http/route.ts';
import { ROUTES } from '../../src/http/routes/table.ts';
import { type Harness, openWiki } from '../http/harness.ts';
import { type Caller, createCallers } from './matrix/callers.ts';
import { generalOperations, type Operation, type Place, pageOperations, RULES } from './matrix/operations.ts';
import { authorisationTable, type Row, type Verdict } from './matrix/table.ts';

const routes: readonly Route[] = ROUTES;
/** Open to whoever has a link that was mailed, which tells who it is for, or the address of a webhook. */
const BY_LINK = [
  'pullByHook',
  'pullByHookGet',
  'readPullHook',
  'recoverAccount',
  'showPasswordForm',
  'setAccountPassword',
  'showUnsubscribeForm',
  'unsubscribe',
];
const clock = { aheadMs: 0 };
let wiki: Harness;
let callers: readonly Caller[];
let rows: readonly Row[];

beforeAll(async () => {
  const steps: (() => Promise<void>)[] = [];
  const cleanUp = (step: () => Promise<void>) => void steps.unshift(step);
  const areas = { READ_ACCESS: 'REGISTERED', WRITE_ACCESS: 'APPROVED', ATTACHMENT_ACCESS: 'ADMIN' };
  const now = () => systemRuntime.now() + clock.aheadMs;
  wiki = await openWiki(areas, cleanUp, { ...systemRuntime, now });
  const places = [
    await createPlace('A page', 'Docs/Intro'),
    await createPlace('Below the rule', 'Team/Plans'),
  ];
  // The first user of a wiki administers it, whatever is said.
  const given = await createVictim();
  callers = await createCallers(wiki, clock, cleanUp);
  await wiki.call('PUT', '/policy/rules', { rules: RULES }, { 'if-match': '*' });
  const operations = [...generalOperations(given), ...places.flatMap(pageOperations)];
  rows = await carryOut(operations);
  return async () => {
    for (const step of steps) await step();
  };
}, 120_000);

describe('who may do what', () => {
  test('is asked of every route', () => {
    const asked = new Set(rows.map(({ operation }) => operation.route));
    expect([...asked].sort()).toEqual(routes.map(({ name }) => name).sort());
  });

  test('is what the table says', async () => {
    await expect(authorisationTable(callers, rows)).toMatchFileSnapshot('../../docs/authorisation.md');
  });

  test('is nothing for nobody, and for tokens that do not hold', () => {
    const shut = ['nobody', 'locked user', 'expired token', 'revoked token', 'token of another wiki'];
    const carriedOut = rows.flatMap(({ operation, verdicts }) =>
      shut.filter(column => verdicts[columnOf(column)] === 'yes').map(() => operation.route),
    );
    expect(new Set(carriedOut)).toEqual(new Set(['health', 'openapi', ...BY_LINK]));
  });

  test('is everything for operators, but what only users have', () => {
    const refused = rows.filter(({ verdicts }) => verdicts[columnOf('operator')] !== 'yes');
    const routesOfUsers = routes.map(({ name }) => name).filter(name => /[wW]atch/.test(name));
    const names = refused.map(({ operation }) => operation.route);
    expect(names.sort()).toEqual(['updateMe', ...routesOfUsers].sort());
  });

  test('is no change for a token that reads', () => {
    const reading = rows.filter(({ verdicts }) => verdicts[columnOf('token: read')] === 'yes');
    const changing = reading.filter(({ method }) => method !== 'GET').map(({ operation }) => operation.route);
    const open = ['renderText', ...BY_LINK];
    expect(changing.filter(route => !open.includes(route))).toEqual([]);
  });
});

async function createPlace(name: string, page: string): Promise<Place> {
  const made = await wiki.call('PUT', `/pages/${page}`, { content: 'first text\n' });
  const attached = { filename: 'a.txt', content: 'eA==' };
  await wiki.call('POST', `/pages/${page}/attachments`, attached);
  const { revision } = made.body;
  const changed = await wiki.call('PUT', `/pages/${page}`, { content: 'some text\n', revision });
  return { name, page, revision: changed.body.revision };
}

async function createVictim(): Promise<{ victim: string; victimToken: string }> {
  const user = { name: 'The Other', email: 'other@example.org' };
  const victim = (await wiki.call('POST', '/users', user)).body.id;
  const token = await wiki.call('POST', '/tokens', { name: 'Other', rights: ['read'] });
  return { victim, victimToken: token.body.id };
}

async function carryOut(operations: readonly Operation[]): Promise<Row[]> {
  const made: Row[] = [];
  for (const operation of operations) {
    const method = routes.find(({ name }) => name === operation.route)?.method ?? '';
    const verdicts: Verdict[] = [];
    for (const caller of callers) verdicts.push(await verdictOf(operation, method, caller));
    made.push({ operation, method, verdicts });
  }
  return made;
}

async function verdictOf(operation: Operation, method: string, caller: Caller): Promise<Verdict> {
  const { path, body, headers, accepted = [], isOwn, undo } = operation;
  const who = isOwn ? (caller.own ?? caller.headers) : caller.headers;
  const answer = await wiki.call(method, path, body, { ...headers, ...who });
  if (answer.status >= 400 && !accepted.includes(answer.body.code)) {
    // Any other refusal would say nothing about rights.
    expect([401, 403, 404], `${method} ${path} as ${caller.column}: ${answer.body.error}`).toContain(
      answer.status,
    );
    return answer.status;
  }
  await undo?.(wiki);
  return 'yes';
}

function columnOf(column: string): number {
  return callers.findIndex(caller => caller.column === column);
}

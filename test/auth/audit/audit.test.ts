import { describe, expect, it } from 'vitest';
import { createAudit } from '../../../src/auth/audit/audit-log.ts';
import { KittiwakeError } from '../../../src/core/errors.ts';
import { fileUsers, openUsers, settableRuntime, type UserState } from '../user/user-support.ts';

const EVENT = { actor: 'api-key', action: 'policy.change', subject: 'rule:docs' };
const DAY_MS = 24 * 3600 * 1000;

describe('the audit log', () => {
  it('tells when nobody could be told whether a change was made', async () => {
    const { audit } = openUsers(fileUsers());
    const lost = audit.record(EVENT, async () => {
      throw new KittiwakeError('outcome_unknown', 'Writing: no answer');
    });
    await expect(lost).rejects.toMatchObject({ code: 'outcome_unknown' });
    const refused = audit.record(EVENT, async () => {
      throw new KittiwakeError('rule_invalid', 'Invalid rule');
    });
    await expect(refused).rejects.toMatchObject({ code: 'rule_invalid' });
    const { entries } = await audit.list({});
    expect(entries.map(({ outcome, code }) => [outcome, code]).sort()).toEqual([
      ['failed', 'rule_invalid'],
      ['unknown', 'outcome_unknown'],
    ]);
  });

  it('lets nothing be done that it cannot have an entry of', async () => {
    const { database } = openUsers(fileUsers());
    await database.close();
    const failures: string[] = [];
    const audit = createAudit({ database, log: { failure: event => void failures.push(event) }, keepMs: 1 });
    let isDone = false;
    const recorded = audit.record(EVENT, async () => {
      isDone = true;
    });
    await expect(recorded).rejects.toMatchObject({ code: expect.any(String) });
    expect([isDone, failures]).toEqual([false, []]);
  });

  it('gives what was done although it cannot note that it was', async () => {
    const { database, audit: whole } = openUsers(fileUsers());
    const failures: string[] = [];
    let writes = 0;
    const failing: Partial<UserState> = {
      write: (work, options) =>
        ++writes === 1 ? database.write(work, options) : Promise.reject(new Error('no space')),
    };
    const audit = createAudit({
      database: failing as UserState,
      log: { failure: event => void failures.push(event) },
      keepMs: DAY_MS,
    });
    expect(await audit.record(EVENT, async () => 42)).toBe(42);
    expect(failures).toEqual(['audit_unfinished']);
    expect((await whole.list({})).entries).toMatchObject([{ ...EVENT, outcome: 'begun', detail: {} }]);
  });

  it('forgets what is older than it is to keep, when the next entry comes', async () => {
    const runtime = settableRuntime(Date.UTC(2026, 0, 1));
    const { audit } = openUsers(fileUsers(), { runtime });
    const nothing = async () => {};
    for (const days of [0, 1, 365, 366]) {
      runtime.nowMs = Date.UTC(2026, 0, 1) + days * DAY_MS;
      await audit.record({ ...EVENT, subject: `day ${days}` }, nothing);
    }
    const { entries } = await audit.list({});
    expect(entries.map(({ subject }) => subject)).toEqual(['day 366', 'day 365', 'day 1']);
  });

  it('keeps no detail that is longer than it should be', async () => {
    const { audit } = openUsers(fileUsers());
    const nothing = async () => {};
    await audit.record({ ...EVENT, detail: { rules: 'x'.repeat(10_000) } }, nothing);
    await audit.record({ ...EVENT, detail: { path: 'docs', read: ['ADMIN'] } }, nothing);
    const { entries } = await audit.list({});
    expect(entries.map(({ detail }) => detail)).toEqual(
      expect.arrayContaining([{ omitted: 10_012 }, { path: 'docs', read: ['ADMIN'] }]),
    );
  });

  it('is read in parts while it grows, each entry once', async () => {
    const { audit } = openUsers(fileUsers());
    const nothing = async () => {};
    for (let nth = 0; nth < 5; nth += 1) await audit.record({ ...EVENT, subject: `${nth}` }, nothing);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await audit.list({ limit: 2, cursor });
      seen.push(...page.entries.map(({ subject }) => subject));
      cursor = page.nextCursor;
      await audit.record({ ...EVENT, subject: 'later' }, nothing);
    } while (cursor !== undefined);
    expect(seen.sort()).toEqual(['0', '1', '2', '3', '4']);
  });

  it('takes what looks like a pattern for what it is', async () => {
    const { audit } = openUsers(fileUsers());
    await audit.record(EVENT, async () => {});
    for (const action of ['policy', '%', 'policy%', 'p_licy.', "policy.' or 1=1 --"]) {
      expect((await audit.list({ action })).entries).toEqual([]);
    }
    expect((await audit.list({ action: 'policy.' })).entries).toHaveLength(1);
  });
});

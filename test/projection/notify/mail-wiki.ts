import { onTestFinished } from 'vitest';
import { type Runtime, systemRuntime } from '../../../src/core/runtime.ts';
import type { Counts } from '../../../src/projection/runnable.ts';
import { type Harness, openWiki } from '../../http/harness.ts';
import { type MailServer, type ReceivedMail, startMailServer } from '../../support/smtp-server.ts';

export interface MailWiki extends Harness {
  server: MailServer;
  /** What a server or a function does after commits. */
  run(): Promise<Counts>;
  /** Runs, and takes what has arrived since. */
  mails(): Promise<ReceivedMail[]>;
  /** A user with a password, and the header that it logs in with. */
  user(
    name: string,
    options?: object,
  ): Promise<{ id: string; email: string; auth: { authorization: string } }>;
}

export const SITE = 'https://wiki.example.org';
export const API = 'https://api.example.org';
const PASSWORD = 'correct horse';

/** A clock that waiting moves at once. */
export function virtualClock(): Runtime & { pass(ms: number): void } {
  let aheadMs = 0;
  return {
    ...systemRuntime,
    now: () => systemRuntime.now() + aheadMs,
    async sleep(ms) {
      aheadMs += ms;
      await systemRuntime.turn();
    },
    pass(ms) {
      aheadMs += ms;
    },
  };
}

/** A wiki that sends mails to a server on 127.0.0.1. Both end with the test. */
export async function openMailWiki(
  env: Record<string, string> = {},
  runtime: Runtime = systemRuntime,
): Promise<MailWiki> {
  const server = await startMailServer();
  onTestFinished(() => server.stop());
  const wiki = await openWiki(
    {
      READ_ACCESS: 'REGISTERED',
      WRITE_ACCESS: 'REGISTERED',
      KITTIWAKE_MAIL: 'smtp',
      KITTIWAKE_MAIL_SENDER: 'Wiki <wiki@example.org>',
      KITTIWAKE_MAIL_SERVER: 'localhost',
      KITTIWAKE_MAIL_PORT: String(server.port),
      KITTIWAKE_MAIL_USE_TLS: 'false',
      KITTIWAKE_MAIL_SECRET: 'a-secret-of-some-length',
      KITTIWAKE_SITE_URL: SITE,
      KITTIWAKE_URL: API,
      ...env,
    },
    onTestFinished,
    runtime,
  );
  const { service, call } = wiki;
  const newest = async () => (await service.repository()).view({ maxAgeMs: 0 });
  async function run(): Promise<Counts> {
    const { list } = await service.projections();
    const notify = list.find(({ name }) => name === 'notify');
    if (!notify) throw new Error('There is no projection "notify"');
    return await notify.run({ newest, deadlineMs: Number.POSITIVE_INFINITY, publishes: false });
  }
  return {
    ...wiki,
    server,
    run,
    async mails() {
      await run();
      return server.received.splice(0);
    },
    async user(name, options = {}) {
      const email = `${name.toLowerCase()}@example.org`;
      const { status, body } = await call('POST', '/users', { name, email, password: PASSWORD, ...options });
      if (status !== 201) throw new Error(`POST /users: ${status} ${body.error}`);
      const authorization = `Basic ${Buffer.from(`${email}:${PASSWORD}`).toString('base64')}`;
      return { id: body.id, email, auth: { authorization } };
    },
  };
}

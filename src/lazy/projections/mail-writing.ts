import type { Watcher as WatchingUser, MailReader as WritableUser } from '../../auth/watch/watchers.ts';
import type { View } from '../../git/repository.ts';
import type { EventReader } from '../../projection/event/event-reader.ts';
import type { MailMessage } from '../../projection/notify/mail-message.ts';
import type { WrittenMail } from '../../projection/notify/mail-text.ts';
import type { NotifyOptions } from '../../projection/notify/notify.ts';
import type { MailReader, ReadersAt } from '../../projection/notify/readers.ts';
import type { ProjectionRun } from '../../projection/runnable.ts';
import { lazy } from '../lazy.ts';
import { mailHost } from './mail-address.ts';
import type { MailParts } from './mail-parts.ts';
import type { ProjectionParts } from './parts.ts';

type Writing = Pick<NotifyOptions, 'readersAt' | 'deliver'>;

/** Who may be told what, as it is now, and what sends it. */
export async function openWriting(
  given: ProjectionParts,
  parts: MailParts,
  events: EventReader,
): Promise<Writing> {
  const { environment } = given;
  const { runtime, log, recorder } = environment;
  const [{ deliverMails }, readersAt] = await Promise.all([
    import('../../projection/notify/deliver-mails.ts'),
    openReaders(given),
  ]);
  const mailer = lazy('mailer', recorder, async () => {
    const { createMailer } = await import('../../mail/create-mailer.ts');
    return await createMailer({ ...parts.settings, now: () => runtime.now() });
  });
  // Notices of S3 name no wiki: links wait for a run that knows where they lead to.
  const isNameless = environment.config.tenants.kind !== 'none' && environment.config.wiki === parts.uuid;
  const host = mailHost(parts.siteUrl, parts.apiUrl);
  const onError = (error: unknown) => log.failure('mail_failed', error, {});
  return {
    readersAt,
    async deliver(run: ProjectionRun) {
      if (isNameless) return undefined;
      const writer = { given, parts, events, readersAt };
      const write = (message: MailMessage) => writeMail(writer, message, run);
      return await deliverMails({ outbox: parts.outbox, mailer, write, host, onError }, run.deadlineMs);
    },
  };
}

async function openReaders({ wiki }: ProjectionParts): Promise<ReadersAt> {
  const [{ createWatchers }, state, { permits }] = await Promise.all([
    import('../../auth/watch/watchers.ts'),
    wiki.state(),
    wiki.policies.evaluation(),
  ]);
  const watchers = createWatchers(state);
  return async view => {
    const reader = ({ userId, email, principal }: WritableUser): MailReader => {
      const permitted = permits(principal, view.policy);
      return {
        userId,
        email,
        mayRead: file => permitted.may('read', file),
        mayReadAt: path => permitted.mayAt('read', path.replace(/\/$/, '')),
      };
    };
    const watcher = (user: WatchingUser) => ({ ...reader(user), paths: user.paths });
    return {
      watching: async paths => (await watchers.watching(paths)).map(watcher),
      all: async () => (await watchers.all()).map(watcher),
      async reader(userId) {
        const user = await watchers.reader(userId);
        return user && reader(user);
      },
    };
  };
}

interface Writer {
  given: ProjectionParts;
  parts: MailParts;
  events: EventReader;
  readersAt: ReadersAt;
}

function writeMail(
  writer: Writer,
  message: MailMessage,
  { newest }: ProjectionRun,
): Promise<WrittenMail | undefined> {
  switch (message.type) {
    case 'changes':
    case 'many':
    case 'history':
      return writeChanges(writer, message, newest);
    default:
      return writeAccount(writer, message);
  }
}

async function writeChanges(
  { given, parts, events, readersAt }: Writer,
  message: Extract<MailMessage, { type: 'changes' | 'many' | 'history' }>,
  newest: () => Promise<View>,
): Promise<WrittenMail | undefined> {
  const [{ changeMail }, { CommitLine }, { unsubscribeToken }, view] = await Promise.all([
    import('../../projection/notify/change-mail.ts'),
    import('../../projection/notify/commit-line.ts'),
    import('../../auth/link/unsubscribe-link.ts'),
    newest(),
  ]);
  const { apiUrl, signing } = parts;
  return await changeMail(message, {
    siteName: parts.settings.config.siteName,
    siteUrl: parts.siteUrl,
    retainPageNameCase: given.environment.config.retainPageNameCase,
    view,
    line: new CommitLine(view, events),
    readers: await readersAt(view),
    unsubscribeUrl: (userId, paths) =>
      apiUrl === undefined || signing === undefined
        ? undefined
        : `${apiUrl}/api/v1/unsubscribe?token=${unsubscribeToken(signing, userId, paths)}`,
  });
}

async function writeAccount(
  { given, parts }: Writer,
  message: Exclude<MailMessage, { type: 'changes' | 'many' | 'history' }>,
): Promise<WrittenMail | undefined> {
  const { environment, wiki } = given;
  const [{ accountMail }, { outboxMessage }, { createWatchers }, { namedAddress }, state, users] =
    await Promise.all([
      import('../../projection/notify/account-mail.ts'),
      import('../../projection/notify/mail-message.ts'),
      import('../../auth/watch/watchers.ts'),
      import('../../mail/address.ts'),
      wiki.state(),
      wiki.users(),
    ]);
  const watchers = createWatchers(state);
  const { apiUrl, siteUrl, signing } = parts;
  const { siteName, adminEmail } = parts.settings.config;
  if (message.type === 'notice' && message.to === 'administrators') {
    const users = (await watchers.administrators()).map(({ userId: user }) => ({ user }));
    const recipients = [...users, ...(adminEmail === '' ? [] : ['configured' as const])];
    await parts.outbox.enqueue(recipients.map(to => outboxMessage(parts.uuid, { ...message, to })));
    return undefined;
  }
  return await accountMail(message, {
    siteName,
    siteUrl,
    adminEmail: adminEmail === '' ? undefined : namedAddress(adminEmail).address,
    user: watchers.account,
    administrator: async id => (await watchers.administrators()).find(({ userId }) => userId === id)?.email,
    async passwordUrl(userId, expiresMs) {
      if (apiUrl === undefined || signing === undefined) return undefined;
      const token = await users.links(signing).passwordToken(userId, expiresMs);
      return token && `${apiUrl}/api/v1/account/password?token=${token}`;
    },
    nowMs: environment.runtime.now(),
  });
}

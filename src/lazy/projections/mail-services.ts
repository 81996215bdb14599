import type { Principal } from '../../auth/principal.ts';
import type { MailServices } from '../../http/mail-services.ts';
import type { AccountMessages } from '../../projection/notify/account-messages.ts';
import type { MailParts } from './mail-parts.ts';
import type { ProjectionParts } from './parts.ts';

export interface MailServicesOptions {
  given: ProjectionParts;
  parts: MailParts;
  principal: Principal;
  messages(): Promise<AccountMessages>;
}

/** What one caller may do with watches, and what links in mails do. */
export async function mailServices(options: MailServicesOptions): Promise<MailServices> {
  const { given, principal } = options;
  const { environment, wiki } = given;
  const [{ watchesOf }, { pageFile, pageStem }, state] = await Promise.all([
    import('../../auth/watch/watches.ts'),
    import('../../wiki/name/page-path.ts'),
    wiki.state(),
  ]);
  return {
    watches: watchesOf(principal, state),
    pagePath: path => pageStem(pageFile(path, environment.config)),
    ...(await accountServices(options)),
    ...(await unsubscribing(options)),
  };
}

type AccountServices = Omit<MailServices, 'watches' | 'pagePath' | 'canUnsubscribe' | 'unsubscribe'>;

async function accountServices(options: MailServicesOptions): Promise<AccountServices> {
  const { given, parts, principal, messages } = options;
  const { committed } = given.environment;
  const [{ mailOff }, { rateLimited }, { emailKey, userIdOf }] = await Promise.all([
    import('../../mail/errors.ts'),
    import('../../auth/errors.ts'),
    import('../../auth/user/user.ts'),
  ]);
  const { config } = parts.settings;
  const isOn = config.mail !== 'none';
  const hasLinks = isOn && parts.apiUrl !== undefined && parts.signing !== undefined;
  const links = async () => {
    const { signing } = parts;
    if (!hasLinks || !signing)
      throw mailOff('links need KITTIWAKE_MAIL, KITTIWAKE_URL and KITTIWAKE_MAIL_SECRET');
    return (await given.wiki.users()).links(signing);
  };
  const countStranger = () => {
    const waitMs = parts.strangers.take('');
    if (waitMs !== undefined) throw rateLimited(waitMs);
  };
  return {
    async recover(email) {
      countStranger();
      const user = await (await links()).recoverable(email);
      await (await messages()).recover(user, emailKey(email));
      committed();
    },
    async setPassword(token, password) {
      countStranger();
      await (await links()).setPassword(token, password);
    },
    async invite({ id }) {
      await links();
      await (await messages()).invite(id);
      committed();
    },
    async tellCreated({ id, hasPassword }) {
      if (hasLinks && !hasPassword) await (await messages()).invite(id);
      if (isOn && config.notifyAdminsOnRegister)
        await (await messages()).tellRegistration(id, userIdOf(principal.id));
      if (isOn) committed();
    },
    async tellApproved(user) {
      if (!isOn || !config.notifyUserOnApproval) return;
      await (await messages()).tellApproval(user);
      committed();
    },
  };
}

async function unsubscribing({
  given,
  parts: { signing },
}: MailServicesOptions): Promise<Pick<MailServices, 'canUnsubscribe' | 'unsubscribe'>> {
  const [{ readUnsubscribeToken }, { createWatchers }, { linkInvalid }, state] = await Promise.all([
    import('../../auth/link/unsubscribe-link.ts'),
    import('../../auth/watch/watchers.ts'),
    import('../../auth/link/errors.ts'),
    given.wiki.state(),
  ]);
  const read = (token: string) => signing && readUnsubscribeToken(signing, token);
  return {
    canUnsubscribe: async token => read(token) !== undefined,
    async unsubscribe(token) {
      const asked = read(token);
      if (asked === undefined) throw linkInvalid('Unsubscribing');
      return await createWatchers(state).end(asked.userId, asked.isMeant);
    },
  };
}

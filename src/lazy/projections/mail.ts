import type { Principal } from '../../auth/principal.ts';
import type { MailServices } from '../../http/mail-services.ts';
import type { AccountMessages, AdministratorNotice } from '../../projection/notify/account-messages.ts';
import type { ProjectionRun, RunnableProjection } from '../../projection/runnable.ts';
import { lazy } from '../lazy.ts';
import { type MailParts, openMailParts } from './mail-parts.ts';
import type { ProjectionParts } from './parts.ts';

export interface Mails {
  projection: RunnableProjection;
  as(principal: Principal): Promise<MailServices>;
  /** What administrators are to hear of. Where no mails are sent it is not asked for. */
  tellAdministrators(notice: () => Promise<AdministratorNotice | undefined>): Promise<void>;
}

/** Mails: what users watch, and what concerns their accounts. */
export function mailsOf(given: ProjectionParts): Mails {
  const { recorder } = given.environment;
  const parts = lazy('mail', recorder, () => openMailParts(given));
  const messages = async () => messagesWith(given, await parts());
  return {
    projection: lazyProjection(given, parts),
    async as(principal) {
      const { mailServices } = await import('./mail-services.ts');
      return await mailServices({ given, parts: await parts(), principal, messages });
    },
    async tellAdministrators(ask) {
      const { config } = await given.environment.settings();
      const notice = config.mail === 'none' ? undefined : await ask();
      if (notice !== undefined) await (await messages()).tellAdministrators(notice);
    },
  };
}

async function messagesWith(
  { environment, wiki }: ProjectionParts,
  parts: MailParts,
): Promise<AccountMessages> {
  const [{ accountMessages }, { createWatchers }, state] = await Promise.all([
    import('../../projection/notify/account-messages.ts'),
    import('../../auth/watch/watchers.ts'),
    wiki.state(),
  ]);
  const watchers = createWatchers(state);
  return accountMessages({
    ...parts,
    administrators: watchers.administrators,
    hasAdminEmail: parts.settings.config.adminEmail !== '',
    now: () => environment.runtime.now(),
  });
}

function lazyProjection(given: ProjectionParts, parts: () => Promise<MailParts>): RunnableProjection {
  const { environment, store } = given;
  const { runtime, recorder } = environment;
  const made = lazy('notify', recorder, async () => {
    const [{ createNotify }, { openStateDocument }, { openWriting }, events, known, opened] =
      await Promise.all([
        import('../../projection/notify/notify.ts'),
        import('../../projection/state/state-document.ts'),
        import('./mail-writing.ts'),
        given.events(),
        parts(),
        store(),
      ]);
    const { uuid } = known;
    const parseOwn = () => null;
    const writing = await openWriting(given, known, events);
    return createNotify({
      ...known,
      ...writing,
      state: openStateDocument({ store: opened, uuid, name: 'notify', runtime, own: null, parseOwn }),
      events,
      runtime,
    });
  });
  // Without mails nothing is gathered: nobody is told later of what happened meanwhile.
  const isOff = async () => (await environment.settings()).config.mail === 'none';
  return {
    name: 'notify',
    condition: async () => ({ ...(await (await made()).condition()), isOff: await isOff() }),
    run: async (run: ProjectionRun) => ((await isOff()) ? { mails: 'off' } : (await made()).run(run)),
    rebuild: async run => (await made()).rebuild(run),
    sweep: async run => ((await isOff()) ? {} : ((await (await made()).sweep?.(run)) ?? {})),
  };
}

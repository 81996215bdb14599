import type { RateLimiter } from '../../auth/limit/rate-limiter.ts';
import type { LinkSigning } from '../../auth/link/signed.ts';
import type { ProjectionSettings } from '../../core/projection-config.ts';
import type { Outbox } from '../../projection/outbox/outbox.ts';
import { addressOf } from './mail-address.ts';
import type { ProjectionParts } from './parts.ts';

/** Recoveries and passwords of strangers, a minute: each asks the store something. In memory, for this process. */
const STRANGERS_A_MINUTE = 60;

/** What all that has to do with mails of one wiki is made of. */
export interface MailParts {
  settings: ProjectionSettings;
  uuid: string;
  outbox: Outbox;
  siteUrl: string | undefined;
  apiUrl: string | undefined;
  /** Absent: links in mails cannot be signed. */
  signing: LinkSigning | undefined;
  strangers: Pick<RateLimiter, 'take'>;
}

export async function openMailParts({ environment, store, wiki }: ProjectionParts): Promise<MailParts> {
  const { config, runtime } = environment;
  const [settings, { openOutbox }, { RateLimiter }, opened, uuid] = await Promise.all([
    environment.settings(),
    import('../../projection/outbox/outbox.ts'),
    import('../../auth/limit/rate-limiter.ts'),
    store(),
    wiki.wikiId(),
  ]);
  const { mailSecret: secret } = settings.secrets;
  const address = (base: string) => addressOf(base, config.tenants, config.wiki);
  return {
    settings,
    uuid,
    outbox: openOutbox({ store: opened, uuid, kind: 'mail', runtime }),
    siteUrl: address(settings.config.siteUrl),
    apiUrl: address(settings.config.apiUrl),
    signing: secret === undefined ? undefined : { secret, wikiId: uuid },
    strangers: new RateLimiter({ perMinute: STRANGERS_A_MINUTE, now: () => runtime.now() }),
  };
}

import type { WikiEventType } from '../event/wiki-event.ts';
import { webhookUnreadable } from './errors.ts';

/** Of one wiki. */
export const MAX_WEBHOOKS = 50;

/** Who is told of what happens in a wiki. Whoever administers it made it: it is told of every page. */
export interface Webhook {
  /** 16 hex digits. */
  id: string;
  /** `https:` or `http:`, without credentials. */
  url: string;
  description: string;
  /** Empty: all. */
  types: readonly WikiEventType[];
  /** Only pages and attachments at or below this path; empty: all. */
  prefix: string;
  active: boolean;
  /** Why it is not active, where nobody asked for that. */
  stopped?: { atMs: number; code: string };
  /** `whsec_` and base64. */
  secret: string;
  /** The secret before, which signs as well until then. */
  previous?: { secret: string; untilMs: number };
  /** It is told of commits after this place on the first-parent line: the newest when it was made, or made active. */
  afterOrdinal: number;
  createdMs: number;
  changedMs: number;
  /** Id of a principal. */
  createdBy: string;
}

/** The secrets that sign at a moment, newest first. */
export function secretsOf({ secret, previous }: Webhook, nowMs: number): string[] {
  return previous !== undefined && previous.untilMs > nowMs ? [secret, previous.secret] : [secret];
}

/** @throws KittiwakeError `object_unreadable` */
export function parseWebhooks(own: unknown): readonly Webhook[] {
  if (!Array.isArray(own) || !own.every(isWebhook)) throw webhookUnreadable();
  return own;
}

function isWebhook(value: unknown): value is Webhook {
  const { id, url, description, types, prefix, active, secret, createdBy, afterOrdinal, createdMs } =
    (value ?? {}) as Partial<Webhook>;
  return (
    [id, url, description, prefix, secret, createdBy].every(text => typeof text === 'string') &&
    [afterOrdinal, createdMs].every(Number.isSafeInteger) &&
    typeof active === 'boolean' &&
    Array.isArray(types)
  );
}

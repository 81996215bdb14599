import { onTestFinished } from 'vitest';
import type { PluginEvent } from '../../../src/plugin/plugin.ts';
import { startMailServer } from '../../support/smtp-server.ts';
import { startReceiver } from '../webhook/receiver.ts';

/** Who is told of a life outside of it. */
export interface Receivers {
  /** Settings with which mails reach them. */
  env: Record<string, string>;
  /** Of a webhook that is told of everything. */
  url: string;
  /** Of a plugin. */
  afterEvents(events: readonly PluginEvent[]): void;
  /** What each got, by the id that it knows a thing by; what came with the same id and differs has a name of its own. */
  told(): Record<string, string>;
}

/** A receiver of webhooks, a mailbox and a plugin. They end with the test. */
export async function startReceivers(): Promise<Receivers> {
  const [webhook, mails] = await Promise.all([startReceiver(), startMailServer()]);
  onTestFinished(() => mails.stop());
  const events: PluginEvent[] = [];
  return {
    env: {
      KITTIWAKE_MAIL: 'smtp',
      KITTIWAKE_MAIL_SENDER: 'Wiki <wiki@example.org>',
      KITTIWAKE_MAIL_SERVER: 'localhost',
      KITTIWAKE_MAIL_PORT: String(mails.port),
      KITTIWAKE_MAIL_USE_TLS: 'false',
      KITTIWAKE_MAIL_SECRET: 'a-secret-of-some-length',
    },
    url: webhook.url,
    afterEvents: told => void events.push(...told),
    told: () => {
      const told: Record<string, string> = {};
      const add = (name: string, text: string) => {
        const isOther = told[name] !== undefined && told[name] !== text;
        told[isOther ? `${name}, with another content` : name] = text;
      };
      for (const { headers, text } of webhook.received) add(`webhook ${headers['webhook-id']}`, text);
      for (const { headers, body } of mails.received)
        add(`mail ${headers.get('message-id')}`, `${headers.get('subject')}\n${body}`);
      for (const event of events) add(`plugin ${event.id}`, JSON.stringify(event));
      return told;
    },
  };
}

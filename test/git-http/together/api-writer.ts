import { setTimeout as wait } from 'node:timers/promises';
import type { KittiwakeClient } from '../../../src/client/client.ts';
import { type Acknowledged, type Course, newCourse, noted, type Span } from './course.ts';

/** Every so many writes goes to the page that all clients write to. */
const SHARED_EVERY = 5;

/**
 * Replaces a page of its own, now and then adds a line to the shared one, each when the last write was answered. Resolves with what
 * became of both.
 */
export async function writeByApi(
  client: KittiwakeClient,
  name: string,
  span: Span,
  pauseMs: number,
): Promise<{ own: Course; shared: Course }> {
  const [own, shared] = [newCourse(), newCourse()];
  let revision: string | undefined;
  for (let n = 0; !span.isOver(); n += 1) {
    if (pauseMs > 0) await wait(pauseMs);
    const subject = `${name} ${n}`;
    if (n % SHARED_EVERY === SHARED_EVERY - 1)
      await noted(shared, span, () => append(client, subject, shared));
    else revision = (await noted(own, span, () => replace(client, name, subject, revision))).revision;
  }
  return { own, shared };
}

async function replace(
  client: KittiwakeClient,
  name: string,
  subject: string,
  revision: string | undefined,
): Promise<Acknowledged> {
  const path = name.replace(' ', '/');
  const content = `# ${subject}\n\n${'A line of some length.\n'.repeat(20)}`;
  const made = await client.put(path, content, { revision, message: subject });
  return { subject, revision: made.revision, file: { path: `${path}.md`, content } };
}

async function append(client: KittiwakeClient, subject: string, course: Course): Promise<Acknowledged> {
  let asked = 0;
  const add = (text = '') => {
    asked += 1;
    return `${text}${subject}\n`;
  };
  const revision = await client.update('shared', add, { attempts: 1_000, message: subject });
  course.refused += asked - 1;
  return { subject, revision: revision ?? '' };
}

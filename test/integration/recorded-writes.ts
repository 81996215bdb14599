import { randomBytes, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { NativeHistory } from '../support/data-folder.ts';
import type { Reply, ServedWiki } from '../support/served-wiki.ts';

/** One write, known by the subject of its commit, and what its writer learned of it. */
interface RecordedWrite {
  subject: string;
  path: string;
  body: Record<string, unknown>;
  outcome: 'acknowledged' | 'refused' | 'unknown';
}

const REFUSED = ['revision_mismatch', 'revision_required', 'contention'];

/** Writers whose every write is remembered, to be held against the history. */
export class RecordedWrites {
  readonly writes: RecordedWrite[] = [];
  /** Writes that were answered so far. */
  answered = 0;

  /** Writes one of `pages` after the other until the server no longer answers. */
  async write(server: ServedWiki, pages: readonly string[]): Promise<void> {
    const revisions = new Map<string, string | undefined>();
    for (let number = 0; ; number += 1) {
      const path = `/pages/${pages[number % pages.length]}`;
      const subject = randomUUID();
      const content = `${subject} ${randomBytes(1500).toString('base64')}`;
      const body = { content, revision: revisions.get(path), commit_message: subject };
      const write: RecordedWrite = { subject, path, body, outcome: 'unknown' };
      this.writes.push(write);
      try {
        const reply = await put(server, write);
        write.outcome = outcomeOf(reply);
        const { revision, current_revision: current } = reply.body;
        revisions.set(path, revision ?? current ?? (await server.call('GET', path)).body.revision);
        this.answered += 1;
      } catch (error) {
        // The server is gone: what it did not answer is unknown.
        if (error instanceof TypeError || error instanceof SyntaxError) return;
        throw error;
      }
    }
  }

  /** Sends the unknown ones again, with the Idempotency-Key that they had: now each has an outcome. */
  async settle(server: ServedWiki): Promise<void> {
    for (const write of this.writes.filter(({ outcome }) => outcome === 'unknown'))
      write.outcome = outcomeOf(await put(server, write));
  }

  /** Fails unless each acknowledged write is in the history once and no refused one is. */
  expectIn({ commits }: NativeHistory, when: string): void {
    const found = new Map<string, number>();
    for (const { subject } of commits) found.set(subject, (found.get(subject) ?? 0) + 1);
    const wrong = this.writes.flatMap(({ subject, outcome }) => {
      const times = found.get(subject) ?? 0;
      const right = { acknowledged: times === 1, refused: times === 0, unknown: times <= 1 }[outcome];
      return right ? [] : [`${subject} is ${outcome}, and ${times} times in the history`];
    });
    expect(wrong, when).toEqual([]);
    expect(commits.length, when).toBeLessThanOrEqual(this.writes.length);
  }
}

function put(server: ServedWiki, { path, body, subject }: RecordedWrite): Promise<Reply> {
  return server.call('PUT', path, body, { 'idempotency-key': subject });
}

function outcomeOf({ status, body }: Reply): RecordedWrite['outcome'] {
  if (status === 200 || status === 201) return 'acknowledged';
  if (body.code === 'outcome_unknown') return 'unknown';
  if (REFUSED.includes(body.code)) return 'refused';
  throw new Error(`PUT: ${status} ${JSON.stringify(body)}`);
}

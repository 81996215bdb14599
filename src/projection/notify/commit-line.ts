import { lineParent } from '../../git/history/line-parent.ts';
import type { Oid } from '../../git/object/objects.ts';
import type { View } from '../../git/repository.ts';
import type { EventReader } from '../event/event-reader.ts';
import type { WikiEvent } from '../event/wiki-event.ts';

/** A commit, and what it did. */
export interface ToldCommit {
  oid: Oid;
  parent: Oid | undefined;
  /** When it was made here, whatever its author's clock said. */
  seconds: number;
  authorEmail: string;
  events: readonly WikiEvent[];
}

/** Commits by id, each read once. */
export class CommitLine {
  readonly #view: View;
  readonly #events: EventReader;
  readonly #known = new Map<Oid, ToldCommit | undefined>();

  constructor(view: View, events: EventReader) {
    this.#view = view;
    this.#events = events;
  }

  /** Undefined: the history does not hold it any more. */
  async commit(oid: Oid): Promise<ToldCommit | undefined> {
    if (!this.#known.has(oid)) this.#known.set(oid, await this.#read(oid));
    return this.#known.get(oid);
  }

  /** Those before a commit on its line, newest first: at most `most`, and none that is `seconds` older or more. */
  async before(commit: ToldCommit, most: number, seconds: number): Promise<ToldCommit[]> {
    const found: ToldCommit[] = [];
    let { parent } = commit;
    while (parent !== undefined && found.length < most) {
      const known: ToldCommit | undefined = await this.commit(parent);
      if (known === undefined || known.seconds <= commit.seconds - seconds) break;
      found.push(known);
      parent = known.parent;
    }
    return found;
  }

  async #read(oid: Oid): Promise<ToldCommit | undefined> {
    const entry = await this.#view.logEntry(oid);
    if (entry === undefined) return undefined;
    const { committer, author } = entry.commit;
    return {
      oid,
      parent: await lineParent(entry.commit, other => this.#view.commit(other)),
      seconds: committer.seconds,
      authorEmail: author.email,
      events: (await this.#events.ofEntry(this.#view, entry)).events,
    };
  }
}

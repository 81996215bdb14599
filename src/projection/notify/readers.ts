import type { View } from '../../git/repository.ts';

/** Somebody who may be sent mails. */
export interface MailReader {
  userId: string;
  email: string;
  /** Whether it may read a file now, by the policy of the view. */
  mayRead(file: string): boolean;
  /** The same for the path of a page, or of what lies below one: `docs/`. */
  mayReadAt(path: string): boolean;
}

export interface Watcher extends MailReader {
  /** Those of the paths that were asked for which it watches. */
  paths: readonly string[];
}

/** Who is written to, as users and policy are now. */
export interface MailReaders {
  /** In the order of their ids. */
  watching(paths: readonly string[]): Promise<Watcher[]>;
  all(): Promise<Watcher[]>;
  /** Undefined: there is no such user, or it is locked, or its address is not confirmed. */
  reader(userId: string): Promise<MailReader | undefined>;
}

export type ReadersAt = (view: View) => Promise<MailReaders>;

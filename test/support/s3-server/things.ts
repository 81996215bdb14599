import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

export type ThingKind = 'bucket' | 'version' | 'upload' | 'part';

/** One thing that the server remembers, as it is kept: `id` rises in the order in which things were made. */
export interface Thing {
  id: number;
  kind: ThingKind;
  /** JSON. */
  fields: string;
  bytes: Buffer | null;
}

/**
 * Where the state is kept beside memory: a SQLite file in a folder, or nowhere. What was saved survives the end of
 * the process by `SIGKILL`, not that of the machine.
 */
export class Things {
  readonly #database: Database.Database | undefined;
  readonly #save: Database.Statement<[Thing]> | undefined;
  readonly #remove: Database.Statement<[number]> | undefined;
  #lastId = 0;

  constructor(folder: string | undefined) {
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    this.#database = new Database(join(folder, 's3.sqlite'));
    this.#database.pragma('journal_mode = WAL');
    this.#database.pragma('synchronous = OFF');
    this.#database.exec(
      'CREATE TABLE IF NOT EXISTS things (id INTEGER PRIMARY KEY, kind TEXT, fields TEXT, bytes BLOB)',
    );
    this.#save = this.#database.prepare('INSERT OR REPLACE INTO things VALUES (@id, @kind, @fields, @bytes)');
    this.#remove = this.#database.prepare('DELETE FROM things WHERE id = ?');
  }

  /** The id of a new thing. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  save(id: number, kind: ThingKind, fields: object, bytes: Buffer | null = null): void {
    this.#save?.run({ id, kind, fields: JSON.stringify(fields), bytes });
  }

  remove(id: number): void {
    this.#remove?.run(id);
  }

  /** What `change` saves and removes is kept as a whole or not at all. */
  together<T>(change: () => T): T {
    return this.#database === undefined ? change() : this.#database.transaction(change)();
  }

  /** All that was kept, oldest first. */
  load(): Thing[] {
    const things =
      this.#database?.prepare<[], Thing>('SELECT id, kind, fields, bytes FROM things ORDER BY id').all() ??
      [];
    this.#lastId = things.at(-1)?.id ?? 0;
    return things;
  }

  close(): void {
    this.#database?.close();
  }
}

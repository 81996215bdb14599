import type { AwsVariables, Config } from '../core/config.ts';
import type { Logger } from '../core/log.ts';
import type { ProjectionSettings } from '../core/projection-config.ts';
import type { Runtime } from '../core/runtime.ts';
import type { EnsureCounts } from '../db/ensure.ts';
import type { PostgresServer } from '../db/postgres/server.ts';
import type { Plugins } from '../plugin/load.ts';
import type { Lazy, LazyRecorder } from './lazy.ts';
import type { StorageCounter } from './storage-use.ts';

/** What every singleton's initialiser may need. */
export interface Environment {
  readonly config: Config;
  /** One of many wikis: `config.wiki` is its name, and this what that stands for. Absent: there is one. */
  readonly known?: { readonly uuid: string };
  /** Bound of the blocks of maps that one wiki keeps. Absent: git's own. */
  readonly blockCacheBytes?: number;
  /** Of what follows from commits; read on use. */
  readonly settings: Lazy<ProjectionSettings>;
  /** Absent: none is configured. */
  readonly plugins: Lazy<Plugins> | undefined;
  readonly aws: AwsVariables;
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly recorder: LazyRecorder;
  /** Gets the calls of a remote store, and tells whom they are made for. */
  readonly storage: StorageCounter;
  /** The server that holds the relational state of all wikis. Absent: it lies with each wiki. */
  readonly postgres: Lazy<PostgresServer> | undefined;
  /** Gets the checks of the schemas of all databases. */
  readonly schemaChecks: EnsureCounts;
  /** Told the SHA-256, in hex, of each token that this process changes. */
  readonly tokenListeners: Set<(hash: string) => void>;
  /** To be called after each commit of this process. */
  readonly committed: () => void;
}

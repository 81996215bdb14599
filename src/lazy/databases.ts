import { realpathSync, statSync } from 'node:fs';
import type { Config } from '../core/config.ts';
import type { Runtime } from '../core/runtime.ts';
import type { StateDatabase, StateStatus } from '../db/state/state-database.ts';
import type { Service } from './app.ts';
import type { State } from './state.ts';

/** A database of a service, for those who look after it. To be used before the next one is asked for. */
export interface ServiceDatabase {
  kind: 'state' | 'search';
  /** Absent: the server's own. */
  wiki?: string;
  engine: StateDatabase<unknown>['engine'];
  status(): Promise<StateStatus>;
  /** Absent: it is made again when it does not fit. */
  migrate?(): Promise<readonly string[]>;
}

export interface DatabasesOptions {
  service: Service;
  config: Config;
  runtime: Runtime;
}

/** All databases: of the one wiki; or of each of many, after that of the server itself. */
export async function* databasesOf(options: DatabasesOptions): AsyncGenerator<ServiceDatabase> {
  const { service, config } = options;
  if (config.tenants.kind === 'none') {
    yield* ofWiki(options, config.wiki, service);
    return;
  }
  yield stateDatabase(await service.serverState());
  const [{ OPERATOR }, wikis] = await Promise.all([import('../auth/principal.ts'), service.wikis()]);
  const admin = (await service.tenants())(OPERATOR.id);
  let after: string | undefined;
  do {
    const { tenants, next } = await admin.list({ after, limit: 100 });
    for (const tenant of tenants) {
      const { handles: open, release } = wikis.lease(tenant);
      try {
        yield* ofWiki(options, tenant.name, open.handles);
      } finally {
        release();
      }
    }
    after = next;
  } while (after !== undefined);
}

async function* ofWiki(
  { config, runtime }: DatabasesOptions,
  wiki: string,
  handles: Pick<Service, 'state' | 'wikiId'>,
): AsyncGenerator<ServiceDatabase> {
  yield stateDatabase(await handles.state(), wiki);
  const file = search(`${config.data}/search/${await handles.wikiId()}.sqlite`);
  if (file === undefined) return;
  yield { kind: 'search', wiki, engine: 'file', status: () => searchStatus(file, runtime) };
}

function stateDatabase(state: State, wiki?: string): ServiceDatabase {
  return {
    kind: 'state',
    ...(wiki === undefined ? {} : { wiki }),
    engine: state.engine,
    status: () => state.status(),
    migrate: () => state.migrate(),
  };
}

/** SQLite keeps what belongs to a database beside its real name. */
function search(link: string): string | undefined {
  try {
    return realpathSync(link);
  } catch {
    return undefined;
  }
}

async function searchStatus(file: string, runtime: Runtime): Promise<StateStatus> {
  const [{ openSqlite }, { searchSchema }] = await Promise.all([
    import('../db/sqlite.ts'),
    import('../db/search-schema.ts'),
  ]);
  const handle = await openSqlite({ file, runtime });
  try {
    return { ...(await handle.plan(searchSchema)), location: file, exists: true, bytes: statSync(file).size };
  } finally {
    handle.close();
  }
}

import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { readProjectionSettings } from '../../src/core/projection-config.ts';
import { type Runtime, randomId, systemRuntime } from '../../src/core/runtime.ts';
import { createLedger, type LedgerRepository } from '../../src/git/open.ts';
import { mergeNewest } from '../../src/git/upkeep/merge.ts';
import { createService, type Service } from '../../src/lazy/app.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';
import { createS3ByteStore } from '../../src/storage/s3/s3.ts';
import { connectionsOf, type RequestRecord, roundTrips } from '../support/s3-server/request-log.ts';
import type { S3Server } from '../support/s3-server/server.ts';
import { commitPage, openStored } from '../support/stored-wiki.ts';

const BUCKET = 'wikis';
export const KEY = 'test-key';

/** The environment of a process that serves the wiki `wiki` (its uuid or name) from the server's bucket. */
export function environmentOf(server: S3Server, wiki: string, data: string): Record<string, string> {
  return {
    KITTIWAKE_STORE: `s3://${BUCKET}`,
    KITTIWAKE_WIKI: wiki,
    KITTIWAKE_DATA: data,
    KITTIWAKE_API_KEY: KEY,
    AWS_ENDPOINT_URL_S3: server.endpoint,
    AWS_REGION: server.region,
    AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
  };
}

export interface Lines {
  service: Service;
  /** Of the log. */
  lines: Record<string, unknown>[];
}

/** What a process that has just started has: nothing in memory, no connection. */
export function freshService(env: Record<string, string>, runtime: Runtime = systemRuntime): Lines {
  const { config, secrets } = readConfig({ env });
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({ level: 'info', write: line => lines.push(JSON.parse(line)), now: Date.now });
  const projections = async () => readProjectionSettings({ env });
  return { service: createService({ config, secrets, runtime, log, projections }), lines };
}

export interface Asked {
  status: number;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  body: any;
}

/** One request to a service; `path` without `/api/v1`. */
export async function ask(
  service: Service,
  method: string,
  path: string,
  body?: object,
  more: Record<string, string> = {},
): Promise<Asked> {
  const [before, query = ''] = path.split('?');
  const {
    status,
    headers,
    body: answer,
  } = await service.app.handle({
    method,
    path: `/api/v1${before}`,
    query,
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...more },
    body: body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body)),
  });
  const text = String(answer);
  return { status, headers, body: text === '' ? undefined : JSON.parse(text) };
}

/** What a server saw, as the requirements have it. */
export interface Seen {
  /** `GET`, `GET 304`, `PUT` and so on with what kind of key, in order of arrival. */
  calls: string[];
  inSequence: number;
  connects: number;
  /** Of bodies, both ways. */
  bytes: number;
}

/** What the server saw while `work` ran. */
export async function seen(server: S3Server, work: () => Promise<unknown>): Promise<Seen> {
  server.requests.clear();
  await work();
  const records = [...server.requests.all];
  return {
    calls: records.map(describeCall),
    inSequence: roundTrips(records),
    connects: connectionsOf(records),
    bytes: records.reduce((sum, { receivedBytes, sentBytes }) => sum + receivedBytes + sentBytes, 0),
  };
}

function describeCall({ method, key, status }: RequestRecord): string {
  const kind = key.startsWith('packs/') ? key.slice(key.lastIndexOf('.') + 1) : key.split('/')[0];
  return `${method} ${kind}${status === 304 ? ' 304' : ''}`;
}

/** A wiki that is prepared in memory, where that is quick; {@link upload} brings it to a server. */
export interface Prepared {
  store: ByteStore;
  repository: LedgerRepository;
}

export async function prepareWiki(): Promise<Prepared> {
  const store = createMemoryByteStore();
  const uuid = randomId(systemRuntime);
  await createLedger({ store, uuid, runtime: systemRuntime });
  return { store, repository: openStored(store, uuid, { flush: null }) };
}

/** Puts everything into the server's bucket. */
export async function upload({ store }: Prepared, server: S3Server): Promise<void> {
  const { region, endpoint, credentials: variables } = server;
  const bucket = createS3ByteStore({ bucket: BUCKET, region, endpoint, variables });
  for (const { key } of (await store.list('')).objects) {
    const found = await store.get(key);
    if (found.kind !== 'found') throw new Error(`${key} is ${found.kind}`);
    await bucket.put(key, [found.bytes], { ifAbsent: true });
  }
}

/** Edits, flushes of them, and merges of the packs, as weeks of use leave them. Returns how many merges there were. */
export async function liveOn(
  repository: LedgerRepository,
  { merges, path }: { merges: number; path: (edit: number) => string },
): Promise<number> {
  let [done, edit] = [0, 0];
  for (let round = 0; round < merges; round += 1) {
    for (let flush = 0; flush < 4; flush += 1) {
      for (let each = 0; each < 10; each += 1) await commitPage(repository, path(edit), `Edit ${edit++}\n`);
      await repository.flusher.flush();
    }
    if (await mergeNewest(repository)) done += 1;
  }
  return done;
}

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { S3Core, S3Switches } from './core.ts';
import type { ServerCredentials } from './credentials.ts';
import { Detached } from './detached.ts';
import { exchange } from './exchange.ts';
import { PROFILES, type ProfileName } from './profile.ts';
import { RequestLog, type RequestRecord } from './request-log.ts';
import { S3State } from './state.ts';

export interface S3ServerOptions extends Partial<S3Switches> {
  /** How it answers. Default: `aws`. */
  profile?: ProfileName;
  /** Created at the start where absent; one with a region of its own redirects. Default: `wikis`. */
  buckets?: readonly (string | { name: string; region: string })[];
  /** Who may sign. Default: one pair. */
  credentials?: readonly ServerCredentials[];
  /** Where the state is kept, for a later start. Default: nowhere but in memory. */
  folder?: string;
  /** Default: a free one. */
  port?: number;
  /** Default: `us-east-1`. */
  region?: string;
  /** `<bucket>.<domain>` is virtual-host style. Default: `localhost`. */
  domain?: string;
  /** How long an idle connection stays open. Default: 20 s. */
  keepAliveMs?: number;
  /** The least size of a part that is not the last. Default: 5 MiB. */
  minPartBytes?: number;
  /** Called with each request when it is over. */
  onRequest?: (record: RequestRecord) => void;
}

/** A running server; what it does can be changed through `switches`, what it saw is in `requests`. */
export interface S3Server {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly port: number;
  readonly region: string;
  /** The first of those who may sign. */
  readonly credentials: ServerCredentials;
  readonly switches: S3Switches;
  readonly requests: RequestLog;
  /** Connections that were made until now. */
  connections(): number;
  /** Closes the connections on which nothing is under way. */
  closeIdleConnections(): void;
  /** Resolves when no late effect is under way any more. */
  settled(): Promise<void>;
  /** Closes everything at once; requests under way and late effects are lost. */
  stop(): Promise<void>;
}

const DEFAULT_CREDENTIALS: ServerCredentials = {
  accessKeyId: 'TESTACCESSKEY0000000',
  secretAccessKey: 'test-secret-access-key',
};

/**
 * Starts a small S3 server in this process, on 127.0.0.1. It knows the operations that Kittiwake uses, checks
 * signatures, and checks and sets in one step; it is trusted because it passes the same contract suite as Ceph.
 */
export async function startS3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  const stopping = new AbortController();
  const core = coreOf(options, stopping.signal);
  createBuckets(core, options.buckets ?? ['wikis']);
  const { server, connections } = listen(core, options.keepAliveMs ?? 20_000);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    region: core.region,
    credentials: core.credentials[0] ?? DEFAULT_CREDENTIALS,
    switches: core.switches,
    requests: core.log,
    connections,
    closeIdleConnections: () => server.closeIdleConnections(),
    settled: () => core.detached.settled(),
    stop: () => stop(core, server, stopping),
  };
}

function coreOf(options: S3ServerOptions, stopping: AbortSignal): S3Core {
  return {
    state: new S3State(options.folder),
    profile: PROFILES[options.profile ?? 'aws'],
    region: options.region ?? 'us-east-1',
    domain: options.domain ?? 'localhost',
    credentials: options.credentials ?? [DEFAULT_CREDENTIALS],
    minPartBytes: options.minPartBytes ?? 5 * 1024 * 1024,
    switches: switchesOf(options),
    log: new RequestLog(),
    detached: new Detached(),
    onRequest: options.onRequest ?? (() => {}),
    stopping,
  };
}

function switchesOf(options: S3ServerOptions): S3Switches {
  return {
    latencyMs: options.latencyMs ?? 0,
    faults: options.faults,
    permissions: options.permissions ?? (() => true),
    ignoresConditions: options.ignoresConditions ?? false,
    raceProbability: options.raceProbability ?? 0,
    random: options.random ?? Math.random,
    now: options.now ?? Date.now,
    etags: options.etags ?? 'content',
  };
}

function createBuckets({ state, region }: S3Core, buckets: NonNullable<S3ServerOptions['buckets']>): void {
  for (const each of buckets) {
    const { name, ...own } = typeof each === 'string' ? { name: each } : each;
    if (state.findBucket(name) === undefined) state.createBucket(name, 'region' in own ? own.region : region);
  }
}

function listen(core: S3Core, keepAliveTimeout: number): { server: Server; connections: () => number } {
  const numbers = new WeakMap<Socket, number>();
  let count = 0;
  const server = createServer({ keepAliveTimeout, requestTimeout: 0 }, (message, response) => {
    void exchange(core, numbers.get(message.socket) ?? 0, message, response);
  });
  server.on('connection', socket => {
    count += 1;
    numbers.set(socket, count);
  });
  return { server, connections: () => count };
}

async function stop({ state }: S3Core, server: Server, stopping: AbortController): Promise<void> {
  if (stopping.signal.aborted) return;
  stopping.abort();
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
  state.things.close();
}

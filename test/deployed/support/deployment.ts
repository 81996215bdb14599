import { randomUUID } from 'node:crypto';
import { onTestFinished, type TestContext } from 'vitest';
import { readConfig } from '../../../src/core/config.ts';
import { createLogger } from '../../../src/core/log.ts';
import { systemRuntime } from '../../../src/core/runtime.ts';
import { createService } from '../../../src/lazy/app.ts';
import { kittiwake } from '../../support/cli.ts';
import { DEPLOYED, type DeployedNames, resolver } from '../../support/cloudformation.ts';
import { type S3Change, scheduleEvent } from '../../support/lambda/events.ts';
import { type FrontDoor, startFrontDoor } from '../../support/lambda/front-door.ts';
import { FUNCTION_REGION, type FunctionDefinition } from '../../support/lambda/function-process.ts';
import type { InvokeResult } from '../../support/lambda/invocation.ts';
import { type AssembledStack, assembledStack, type StackKind } from './assembly.ts';
import { type ApiClient, apiClient } from './client.ts';
import { notifyQueues, type QueueManners, type WiredQueue, wireQueues } from './event-wiring.ts';
import { FUNCTION_NAMES, type FunctionName, outputOf, templateFunction } from './functions.ts';
import { type LoggedPool, loggedPoolForTest } from './logged-pool.ts';
import { type Network, startNetwork } from './network.ts';
import { reaching } from './reaching.ts';
import type { OpenPlace, S3Place } from './s3-place.ts';

export interface DeploymentOptions {
  /** Default: `functionUrl`. Of `many` wikis none is made. */
  door?: StackKind;
  /** Of every function, in place of the template's. */
  timeoutMs?: number;
  /** Added for every function. */
  environment?: Readonly<Record<string, string>>;
  /** Whether the wiki is created by the command that `npm run deploy` runs, or by what that calls. Default: `call`. */
  creation?: 'command' | 'call';
  /** In place of the template's. */
  apiConcurrency?: number;
  /** Whether functions are stopped between their events. Default: true. */
  freezes?: boolean;
  queues?: QueueManners;
}

/** A function that is ready for events. */
export interface RunningFunction {
  logicalId: string;
  definition: FunctionDefinition;
  pool: LoggedPool;
  network: Network;
}

/** A stack of which everything runs here that AWS would run. Goes with the running test. */
export interface Deployment {
  kind: StackKind;
  stack: AssembledStack;
  names: DeployedNames;
  place: S3Place;
  bucket: string;
  /** Of the wiki. */
  uuid: string;
  functions: Readonly<Record<FunctionName, RunningFunction>>;
  queues: readonly WiredQueue[];
  /** Through the front door. */
  api: ApiClient;
  door: FrontDoor;
  /** Has S3 tell of a change; the number of queues that were told. */
  notify(key: string, more?: Partial<S3Change>): number;
  /** What the schedule does every five minutes. */
  runSchedule(): Promise<InvokeResult>;
}

/** Everything that was deployed in this file, for what is looked at in the end. */
export const deployments: Deployment[] = [];

/** Deploys the stack and creates its wiki, as `npm run deploy` does. */
export async function deploy(
  ctx: TestContext,
  open: OpenPlace,
  options: DeploymentOptions = {},
): Promise<Deployment> {
  const { door: kind = 'functionUrl' } = options;
  const stack = assembledStack(kind);
  const names = { ...DEPLOYED, region: FUNCTION_REGION, stackName: stack.name, stackUuid: randomUUID() };
  const resolve = resolver(stack.template, names);
  const output = (name: string) => String(resolve(outputOf(stack.template, name)));
  const bucket = output('Bucket');
  const uuid = output('Wiki');
  const place = await open(ctx, bucket);
  const create = options.creation === 'command' ? createByCommand : createByCall;
  if (kind !== 'many') await create(place, `s3://${bucket}`, uuid);
  const [api, project, importing] = await Promise.all(
    FUNCTION_NAMES.map(name => start(name, { stack, names, place, options })),
  );
  const functions = { api, project, import: importing } as Record<FunctionName, RunningFunction>;
  const pools = new Map(Object.values(functions).map(({ logicalId, pool }) => [logicalId, pool]));
  const queues = wireQueues(stack.template, names, pools, options.queues);
  onTestFinished(async () => {
    await Promise.all(queues.map(({ queue }) => queue.stop()));
  });
  const door = await startFrontDoor(functions.api.pool, {
    kind: kind === 'httpApi' ? 'http-api' : 'function-url',
  });
  onTestFinished(() => door.stop());
  const deployment: Deployment = {
    ...{ kind, stack, names, place, bucket, uuid, functions, queues, door },
    api: apiClient(door.url),
    notify: (key, more = {}) => notifyQueues(stack.template, names, queues, { bucket, key, ...more }),
    runSchedule: () => functions.project.pool.invoke(scheduleEvent()),
  };
  deployments.push(deployment);
  return deployment;
}

interface Placed {
  stack: AssembledStack;
  names: DeployedNames;
  place: S3Place;
  options: DeploymentOptions;
}

async function start(name: FunctionName, { stack, names, place, options }: Placed): Promise<RunningFunction> {
  const network = await startNetwork(place.endpoint);
  onTestFinished(() => network.stop());
  const added = { ...reaching(network.endpoint, place.roleCredentials), ...options.environment };
  const { logicalId, definition, reservedConcurrency } = templateFunction(stack, name, names, added);
  const { timeoutMs, apiConcurrency, freezes = true } = options;
  const changed = timeoutMs === undefined ? definition : { ...definition, timeoutMs };
  const concurrency = (name === 'api' ? apiConcurrency : undefined) ?? reservedConcurrency;
  const pool = loggedPoolForTest(changed, {
    freezes,
    ...(concurrency === undefined ? {} : { reservedConcurrency: concurrency }),
  });
  return { logicalId, definition: changed, pool, network };
}

/** With the rights of who deploys. */
async function createByCommand(
  { endpoint, credentials }: S3Place,
  store: string,
  wiki: string,
): Promise<void> {
  const args = ['wiki', 'create', '--store', store, '--wiki', wiki];
  const { code, err } = await kittiwake(args, { env: reaching(endpoint, credentials) });
  if (code !== 0) throw new Error(`creating the wiki failed: ${err}`);
}

async function createByCall({ endpoint, credentials }: S3Place, store: string, wiki: string): Promise<void> {
  const env = { ...reaching(endpoint, credentials), KITTIWAKE_STORE: store, KITTIWAKE_WIKI: wiki };
  const log = createLogger({ level: 'silent', write: () => {}, now: Date.now });
  const service = createService({ ...readConfig({ env }), runtime: systemRuntime, log });
  await service.createWiki();
  await service.close();
}

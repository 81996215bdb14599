import type { Runtime } from '../../core/runtime.ts';
import type { Oid } from '../../git/object/objects.ts';
import type { Plan, Repository, View } from '../../git/repository.ts';
import type { DryRunBody } from '../bodies.ts';
import type { WikiSettings } from '../settings.ts';
import type { WriteOptions, Written } from '../wiki.ts';
import { WorkTime } from './work-time.ts';
import { Workspace } from './workspace.ts';

/**
 * One thing done to a wiki. It is evaluated afresh on every attempt, decides from nothing but the workspace, and
 * throws to refuse.
 */
export type Operation<B> = (workspace: Workspace) => Promise<Outcome<B>>;

export interface Outcome<B> {
  /** Behind `[api] `, when the caller brings no message: `Update: Docs/Intro`. */
  summary: string;
  /** The blob of the one file it was about. */
  blob?: Oid;
  /** The answer, given the commit made. Undefined: nothing was to be changed, or only tried out. */
  body(commit: Oid | undefined): B;
}

/** Where the writes of a wiki go. */
export interface WriteContext {
  repository: Repository;
  settings: WikiSettings;
  runtime: Runtime;
}

type Stored<B> = Omit<Written<B>, 'replayed'>;

/** Carries out an operation as one commit, or none when it changes nothing. */
export async function write<B extends object>(
  { repository, settings, runtime }: WriteContext,
  operation: Operation<B>,
  options: WriteOptions = {},
): Promise<Written<B>> {
  const { idempotency, deadlineMs } = options;
  const workspace = (view: View) => new Workspace(view, settings, new WorkTime(runtime, deadlineMs));
  if (options.dryRun === true) return tryOut(workspace(await repository.view()), operation);
  const { result, replayed } = await repository.commit<Stored<B>>({
    plan: view => plan(workspace(view), operation, options),
    ...(idempotency === undefined ? {} : { idempotency }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  });
  return { ...result, replayed };
}

async function plan<B>(
  workspace: Workspace,
  operation: Operation<B>,
  options: WriteOptions,
): Promise<Plan<Stored<B>>> {
  const outcome = await operation(workspace);
  const changes = await workspace.changes();
  if (changes.length === 0) return { kind: 'keep', result: stored(outcome, undefined) };
  return {
    kind: 'commit',
    draft: {
      changes: changes.map(({ path, to }) => ({ path, to })),
      message: options.commitMessage || `[api] ${outcome.summary}`,
      author: options.author ?? workspace.settings.author,
    },
    result: made => stored(outcome, made.oid),
  };
}

async function tryOut<B extends object>(workspace: Workspace, operation: Operation<B>): Promise<Written<B>> {
  const outcome = await operation(workspace);
  const changes = (await workspace.changes()).map(({ path, action }) => ({ path, action }));
  const tried: DryRunBody = { dry_run: true, changes };
  return { body: { ...outcome.body(undefined), ...tried }, replayed: false };
}

function stored<B>(outcome: Outcome<B>, commit: Oid | undefined): Stored<B> {
  return {
    body: outcome.body(commit),
    ...(outcome.blob === undefined ? {} : { blob: outcome.blob }),
    ...(commit === undefined ? {} : { commit }),
  };
}

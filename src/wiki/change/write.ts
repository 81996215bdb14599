import type { Runtime } from '../../core/runtime.ts';
import type { Oid } from '../../git/object/objects.ts';
import type { Plan } from '../../git/repository.ts';
import type { Permits } from '../access.ts';
import type { DryRunBody } from '../bodies.ts';
import type { BoundRepository, Ground } from '../bound/bound-repository.ts';
import { commitMessageRequired } from '../errors.ts';
import type { WikiSettings } from '../settings.ts';
import type { WriteOptions, Written } from '../wiki.ts';
import type { WriteHooks } from './hooks.ts';
import type { AskedWrite, Operation, Outcome } from './outcome.ts';
import { WorkTime } from './work-time.ts';
import { Workspace } from './workspace.ts';

/** Where the writes of a wiki go. */
export interface WriteContext {
  repository: BoundRepository;
  settings: WikiSettings;
  runtime: Runtime;
  /** Asked about each write. Absent: nobody is. */
  hooks?: (() => Promise<WriteHooks | undefined>) | undefined;
}

type Stored<B> = Omit<Written<B>, 'replayed'>;

/** Carries out an operation as one commit, or none when it changes nothing. */
export async function write<B extends object>(
  context: WriteContext,
  operation: Operation<B>,
  options: WriteOptions = {},
): Promise<Written<B>> {
  const { repository } = context;
  const { idempotency, deadlineMs } = options;
  const attempt = new Attempt(context, options);
  if (options.dryRun === true) return attempt.tryOut(await repository.ground(), operation);
  const { result, replayed } = await repository.commit<Stored<B>>({
    plan: ground => attempt.plan(ground, operation),
    ...(idempotency === undefined ? {} : { idempotency }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  });
  return { ...result, replayed };
}

class Attempt {
  readonly #context: WriteContext;
  readonly #options: WriteOptions;

  constructor(context: WriteContext, options: WriteOptions) {
    this.#context = context;
    this.#options = options;
  }

  async plan<B>(ground: Ground, operation: Operation<B>): Promise<Plan<Stored<B>>> {
    const { outcome, changes, message } = await this.#carryOut(ground, operation);
    if (changes.length === 0) return { kind: 'keep', result: stored(outcome, undefined) };
    return {
      kind: 'commit',
      draft: {
        changes: changes.map(({ path, to }) => ({ path, to })),
        message,
        author: this.#options.author ?? this.#context.settings.author,
      },
      result: made => stored(outcome, made.oid),
    };
  }

  async tryOut<B extends object>(ground: Ground, operation: Operation<B>): Promise<Written<B>> {
    const { outcome, changes } = await this.#carryOut(ground, operation);
    const shown = changes.map(({ path, action }) => ({ path, action }));
    const tried: DryRunBody = { dry_run: true, changes: shown };
    return { body: { ...outcome.body(undefined), ...tried }, replayed: false };
  }

  async #carryOut<B>(ground: Ground, operation: Operation<B>): Promise<AskedWrite<B>> {
    const { settings, runtime } = this.#context;
    const { view, permits } = ground;
    const time = new WorkTime(runtime, this.#options.deadlineMs);
    const workspace = new Workspace(view, settings, { caller: ground, time });
    const outcome = await operation(workspace);
    const changes = await workspace.changes();
    if (changes.length === 0) return { outcome, changes, message: '' };
    const message = await this.#message(outcome, permits);
    const { hooks } = this.#context;
    const made = { outcome, changes, message };
    const asked = hooks === undefined ? made : await this.#ask(hooks, workspace, made);
    if (hasLimits(permits)) {
      const { checkQuota } = await import('../bound/quota.ts');
      await checkQuota(ground, asked.changes);
    }
    return asked;
  }

  async #ask<B>(
    open: NonNullable<WriteContext['hooks']>,
    workspace: Workspace,
    write: AskedWrite<B>,
  ): Promise<AskedWrite<B>> {
    const [hooks, { askHooks }] = await Promise.all([open(), import('./ask-hooks.ts')]);
    if (hooks === undefined) return write;
    const author = this.#options.author ?? this.#context.settings.author;
    return askHooks(hooks, workspace, { ...write, author });
  }

  async #message(outcome: Outcome<unknown>, { preferences = {} }: Permits): Promise<string> {
    const { commitMessage, defaultCommitMessage } = preferences;
    const given = commitMessage === 'DISABLED' ? undefined : this.#options.commitMessage;
    if (commitMessage === 'REQUIRED' && !given?.trim()) throw commitMessageRequired();
    if (given) return given;
    if (!defaultCommitMessage) return `[api] ${outcome.summary}`;
    const { defaultMessage } = await import('../bound/default-message.ts');
    return defaultMessage(defaultCommitMessage, outcome, this.#context.runtime.now());
  }
}

export function hasLimits({ limits }: Permits): boolean {
  return (limits?.pages ?? 0) > 0 || (limits?.bytes ?? 0) > 0;
}

function stored<B>(outcome: Outcome<B>, commit: Oid | undefined): Stored<B> {
  return {
    body: outcome.body(commit),
    ...(outcome.blob === undefined ? {} : { blob: outcome.blob }),
    ...(commit === undefined ? {} : { commit }),
  };
}

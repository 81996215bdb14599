import { checkEffect } from './wiki-effects.ts';
import { type LandedCommit, replayHistory, type State, sometime, type WikiHistory } from './wiki-history.ts';
import type {
  Action,
  Failure,
  Reading,
  Request,
  Sighting,
  Try,
  WikiRecords,
  WikiShape,
} from './wiki-records.ts';
import type { World } from './world.ts';

/** A write that is told this is known not to be applied, and none of the wiki's reasons stands behind it. */
const GIVEN_UP = ['contention', 'deadline_exceeded', 'storage_failed', 'flush_failed', 'pack_missing'];
const UPKEEP_GIVES_UP = ['contention', 'storage_failed', 'flush_failed', 'outcome_unknown'];
/** Deadlines take effect within this time while the process runs. */
const DEADLINE_SLACK_MS = 1_000;
/** Clocks of two processes differ by ten seconds at most; graces count whole ones. */
const CLOCK_SLACK_MS = 11_000;

/** Everything that a run must keep; what it did not is added to `found`. */
export function checkRun(
  world: World,
  uuid: string,
  records: WikiRecords,
  shape: WikiShape,
  found: string[],
): WikiHistory {
  const history = replayHistory(world.cloud, uuid, found);
  const byMessage = new Map<string, LandedCommit[]>();
  for (const commit of history.commits)
    byMessage.set(commit.message, [...(byMessage.get(commit.message) ?? []), commit]);
  for (const request of records.requests) {
    checkRequest(request, byMessage.get(request.id) ?? [], history, shape, found);
    byMessage.delete(request.id);
  }
  for (const message of byMessage.keys()) found.push(`nobody asked for the commit "${message}"`);
  checkTexts(history, found);
  for (const reading of records.readings) checkReading(reading, history, found);
  checkOwnWrites(records, history, found);
  for (const sighting of records.sightings) checkSighting(sighting, history, found);
  for (const failure of records.failures) checkFailure(failure, shape, found);
  return history;
}

function checkRequest(
  request: Request,
  landed: readonly LandedCommit[],
  history: WikiHistory,
  shape: WikiShape,
  found: string[],
): void {
  const { id, tries, action, mustSucceed } = request;
  if (landed.length > 1) found.push(`${id} is in the history ${landed.length} times`);
  const [commit] = landed;
  for (const attempt of tries) {
    checkTry(request, attempt, commit, history, found);
    if (attempt.said === 'pack_missing') checkFailure(asFailure(request, attempt), shape, found);
  }
  const pending = ['applied', 'outcome_unknown', undefined];
  if (commit !== undefined && !tries.some(({ said }) => pending.includes(said)))
    found.push(`${id} was told ${tries.map(({ said }) => said)} and is in the history`);
  if (mustSucceed && !tries.some(({ said, process }) => said === 'applied' || !process.alive))
    found.push(`${id} was told ${tries.map(({ said }) => said)}, all being well`);
  if (commit === undefined) return;
  if (commit.atMs < (tries[0]?.askedMs ?? 0)) found.push(`${id} landed before it was asked for`);
  checkEffect(action, commit, history, what => found.push(`${id} ${action.kind}: ${what}`));
}

function asFailure({ id, action }: Request, { said = '', askedMs, answeredMs = 0 }: Try): Failure {
  return { what: 'writing', code: said, message: `${id} ${action.kind}`, tookMs: answeredMs - askedMs };
}

function checkTry(
  request: Request,
  attempt: Try,
  commit: LandedCommit | undefined,
  history: WikiHistory,
  found: string[],
): void {
  const { id, action } = request;
  const { process, askedMs, answeredMs = Number.POSITIVE_INFINITY, said, limitMs, replayed } = attempt;
  if (said === undefined) {
    if (process.alive) found.push(`${id} was never answered`);
    return;
  }
  if (answeredMs - askedMs > limitMs + process.pausedMs + DEADLINE_SLACK_MS)
    found.push(`${id} took ${answeredMs - askedMs} ms of ${limitMs}`);
  if (replayed === true && !request.keyed) found.push(`${id} has no key and was answered as a repeat`);
  if (said === 'applied') {
    if (commit === undefined) found.push(`${id} was acknowledged and is not in the history`);
    else if (commit.oid !== attempt.commit)
      found.push(`${id} was told ${attempt.commit} and is ${commit.oid}`);
    else if (commit.atMs > answeredMs) found.push(`${id} was acknowledged before it landed`);
  } else if (said === 'kept') {
    if (commit !== undefined) found.push(`${id} was told that nothing changed and is in the history`);
  } else if (said !== 'outcome_unknown' && !GIVEN_UP.includes(said)) {
    const reason = (state: State) => parts(action).some(part => justifies(said, part, state));
    if (!sometime(history, [askedMs, answeredMs], reason))
      found.push(`${id} ${action.kind} was told "${said}" for no reason`);
  }
}

function parts(action: Action): readonly Exclude<Action, { kind: 'batch' }>[] {
  return action.kind === 'batch' ? action.parts : [action];
}

/** True when a refusal of the wiki is due in a state. Every other answer is wrong. */
function justifies(said: string, action: Exclude<Action, { kind: 'batch' }>, state: State): boolean {
  const file = state.get(`${action.path}.md`);
  const revision = 'revision' in action ? action.revision : undefined;
  switch (said) {
    case 'revision_mismatch':
      return file !== undefined && revision !== undefined && file.commit !== revision;
    case 'revision_required':
      return file !== undefined && action.kind === 'put' && revision === undefined;
    case 'page_not_found':
      return file === undefined && action.kind !== 'put' && action.kind !== 'restore';
    case 'attachment_not_found':
      return action.kind === 'detach' && !state.has(`${action.path}/${action.filename}`);
    case 'page_exists_at':
      return action.kind === 'rename' && state.has(`${action.newPath}.md`);
    case 'file_exists_at':
      return (
        action.kind === 'rename' && [...state.keys()].some(path => path.startsWith(`${action.newPath}/`))
      );
    default:
      return false;
  }
}

/** Each line of a text names the request that wrote it: all of them must be in the history. */
function checkTexts({ commits, texts }: WikiHistory, found: string[]): void {
  const known = new Set(commits.map(({ message }) => message));
  for (const text of texts.values()) {
    for (const [, id = ''] of text.matchAll(/^- (.*)$/gm))
      if (!known.has(id)) found.push(`the text of ${id} is in the history, its commit is not`);
  }
}

function checkReading(reading: Reading, history: WikiHistory, found: string[]): void {
  const { process, askedMs, maxAgeMs, viewedMs, head, ordinal, file, paths, sources, touches } = reading;
  const wrong = (what: string) => found.push(`${process.name} read at ${ordinal}: ${what}`);
  const { commits, texts } = history;
  if (commits[ordinal]?.oid !== head) return void wrong(`the head is ${head}, not ${commits[ordinal]?.oid}`);
  const fromMs = askedMs - maxAgeMs - (maxAgeMs === 0 ? 0 : 1);
  if (!sometime(history, [fromMs, viewedMs], (_, at) => at === ordinal))
    wrong('this was not current meanwhile');
  const state = commits[ordinal]?.after ?? new Map();
  if (file !== undefined) {
    const there = state.get(file.path);
    if (
      file.oid !== (there?.oid ?? null) ||
      file.commit !== (there?.commit ?? null) ||
      file.contentOid !== file.oid
    )
      wrong(`"${file.path}" is ${JSON.stringify(file)}, not ${JSON.stringify(there)}`);
  }
  if (paths !== undefined && [...paths].sort().join() !== [...state.keys()].sort().join())
    wrong(`the files are ${paths}, not ${[...state.keys()]}`);
  if (sources !== undefined) {
    const wanted = [...state].filter(([, { oid }]) =>
      texts.get(oid)?.toLowerCase().includes(`[[${sources.page}]]`),
    );
    if (
      wanted
        .map(([path]) => path)
        .sort()
        .join() !== [...sources.found].sort().join()
    )
      wrong(`the sources of "${sources.page}" are ${sources.found}, not ${wanted.map(([path]) => path)}`);
  }
  if (touches !== undefined) {
    const made = commits
      .slice(0, ordinal + 1)
      .filter(({ files }) => files.some(({ path }) => path === touches.path));
    if (
      made
        .map(({ oid }) => oid)
        .reverse()
        .join() !== touches.commits.join()
    )
      wrong(`"${touches.path}" has ${touches.commits.length} commits, not ${made.length}`);
  }
}

/** What a process has seen or made is there whenever it looks again. */
function checkOwnWrites(
  { requests, readings }: WikiRecords,
  { commits }: WikiHistory,
  found: string[],
): void {
  const places = new Map(commits.map(({ oid }, place) => [oid, place]));
  const known = [
    ...readings.map(({ process, viewedMs, ordinal }) => ({ process, atMs: viewedMs, ordinal })),
    ...requests.flatMap(({ tries }) =>
      tries.flatMap(({ process, answeredMs, commit }) =>
        commit === undefined || answeredMs === undefined
          ? []
          : [{ process, atMs: answeredMs, ordinal: places.get(commit) ?? -1 }],
      ),
    ),
  ];
  for (const { process, askedMs, ordinal } of readings) {
    const before = known.filter(each => each.process === process && each.atMs < askedMs);
    const newest = Math.max(-1, ...before.map(each => each.ordinal));
    if (ordinal < newest) found.push(`${process.name} read at ${ordinal} after it knew of ${newest}`);
  }
}

function checkSighting(
  { path, askedMs, answeredMs, blob, revision }: Sighting,
  history: WikiHistory,
  found: string[],
): void {
  const seen = sometime(history, [askedMs, answeredMs], state => {
    const file = state.get(`${path}.md`);
    return (file?.oid ?? null) === blob && (file?.commit ?? null) === revision;
  });
  if (!seen) found.push(`"${path}" was seen as ${blob} of ${revision}, which it was not meanwhile`);
}

/** Who is slower than the readers' grace may miss a pack. Everything else that fails is the store's fault. */
function checkFailure(
  { what, code, message, tookMs }: Failure,
  { readerGraceMs }: WikiShape,
  found: string[],
): void {
  if (code === 'pack_missing' && tookMs > readerGraceMs - CLOCK_SLACK_MS) return;
  const allowed = what === 'reading' ? ['storage_failed'] : UPKEEP_GIVES_UP;
  if (!allowed.includes(code)) found.push(`${what} failed with "${code}" after ${tookMs} ms: ${message}`);
}

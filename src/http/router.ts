/**
 * A router over raw paths. A pattern is a path whose segments are literal, `{name}` (one segment) or `{name...}` (one or
 * more, at most one a pattern); literal segments may follow it. Patterns are tried in the order of the table, so the
 * narrow ones come first. Segments are split at `/` before anything is decoded: `%2F` is part of a name.
 */
export interface Matchable {
  method: string;
  pattern: string;
}

export type Match<R> =
  | { kind: 'found'; route: R; params: Readonly<Record<string, string>> }
  /** The path is known, with other methods. */
  | { kind: 'method'; allowed: string[] }
  | { kind: 'absent' };

export interface Router<R> {
  /** `params` are raw. HEAD is served by GET's route. */
  match(method: string, path: string): Match<R>;
}

interface Compiled<R> {
  route: R;
  /** Literal text before the first parameter. */
  prefix: string;
  head: string[];
  /** Name of the parameter that takes one or more segments. */
  rest: string | undefined;
  tail: string[];
}

export function createRouter<R extends Matchable>(routes: readonly R[]): Router<R> {
  const fixed = new Map<string, R[]>();
  const open: Compiled<R>[] = [];
  for (const route of routes) {
    if (route.pattern.includes('{')) open.push(compile(route));
    else fixed.set(route.pattern, [...(fixed.get(route.pattern) ?? []), route]);
  }
  return {
    match(method, path) {
      const wanted = method === 'HEAD' ? 'GET' : method;
      const exact = fixed.get(path);
      if (exact) {
        const route = exact.find(candidate => candidate.method === wanted);
        return route ? { kind: 'found', route, params: {} } : refused(exact);
      }
      const others: R[] = [];
      for (const candidate of open) {
        if (!path.startsWith(candidate.prefix)) continue;
        const params = matchOpen(candidate, path);
        if (!params) continue;
        if (candidate.route.method === wanted) return { kind: 'found', route: candidate.route, params };
        others.push(candidate.route);
      }
      return others.length > 0 ? refused(others) : { kind: 'absent' };
    },
  };
}

function refused(routes: readonly Matchable[]): { kind: 'method'; allowed: string[] } {
  const methods = new Set(routes.map(route => route.method));
  if (methods.has('GET')) methods.add('HEAD');
  return { kind: 'method', allowed: [...methods].sort() };
}

function compile<R extends Matchable>(route: R): Compiled<R> {
  const segments = route.pattern.split('/');
  const rest = segments.findIndex(segment => segment.endsWith('...}'));
  return {
    route,
    prefix: route.pattern.slice(0, route.pattern.indexOf('{')),
    head: rest < 0 ? segments : segments.slice(0, rest),
    rest: rest < 0 ? undefined : segments[rest]?.slice(1, -4),
    tail: rest < 0 ? [] : segments.slice(rest + 1),
  };
}

function matchOpen<R>(candidate: Compiled<R>, path: string): Record<string, string> | undefined {
  const segments = path.split('/');
  const { head, rest, tail } = candidate;
  const params: Record<string, string> = {};
  if (rest === undefined) {
    return segments.length === head.length && take(head, segments, 0, params) ? params : undefined;
  }
  while (segments.at(-1) === '') segments.pop();
  const end = segments.length - tail.length;
  if (end <= head.length || segments[head.length] === '') return undefined;
  if (!take(head, segments, 0, params) || !take(tail, segments, end, params)) return undefined;
  params[rest] = segments.slice(head.length, end).join('/');
  return params;
}

function take(
  pattern: readonly string[],
  segments: readonly string[],
  from: number,
  params: Record<string, string>,
): boolean {
  return pattern.every((part, index) => {
    const segment = segments[from + index];
    if (segment === undefined) return false;
    if (!part.startsWith('{')) return part === segment;
    params[part.slice(1, -1)] = segment;
    return segment !== '';
  });
}
